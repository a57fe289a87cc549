"""Project files: what `tidegate deploy` plans, does, refuses and removes."""

import json
import subprocess

import pytest

from conftest import BINARY, REGION, role

FILE = """
project_name: {project}
provider: aws
architecture_type: lambda_api
resources:
  - id: f
    type: aws_lambda
    name: {name}
    config: {{runtime: python3.12, handler: app.handler}}
  - id: a
    type: aws_apigateway_v2
    name: {name}
    config: {{}}
  - id: t
    type: aws_dynamodb
    name: {name}-table
    config: {{hash_key: {key}}}
"""
CODE = "import os\ndef handler(event, context):\n    return {'table': os.environ['TABLE_NAME']}\n"


@pytest.fixture()
def project(tmp_path):
    def write(name, key="k", project=None):
        (tmp_path / "project.yaml").write_text(FILE.format(project=project or name, name=name, key=key))
        (tmp_path / "app.py").write_text(CODE)
        return tmp_path

    return write


def test_deploy_again_and_destroy(server, project):
    folder = project("first")
    plan = json.loads(server.tidegate("deploy", "--dry-run", "--json", folder).stdout)
    assert {(step["resource"], step["change"]) for step in plan["steps"]} == {
        ("table", "add"), ("role", "add"), ("log group", "add"), ("function", "add"), ("HTTP API", "add")}
    assert "first answers at http://" in server.tidegate("deploy", "--yes", folder).stdout
    url = server.tidegate("url", "first").stdout.strip()
    assert json.loads(server.curl(url)[2]) == {"table": "first-table"}
    # an index that somebody else adds is no difference
    server.client("dynamodb").update_table(
        TableName="first-table", AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}, {"AttributeName": "other", "AttributeType": "N"}],
        GlobalSecondaryIndexUpdates=[{"Create": {"IndexName": "others", "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}])
    assert server.tidegate("deploy", "--yes", folder).stdout.startswith("Nothing to do")
    (folder / "app.py").write_text(CODE + "# changed\n")
    assert "~ function first: code" in server.tidegate("deploy", "--yes", folder).stdout
    assert "function first removed" in server.tidegate("destroy", "--yes", folder).stdout
    assert server.tidegate("destroy", "--yes", folder).stdout == "Nothing to remove: nothing of the project first is here.\n"


def refused(server, folder):
    done = server.tidegate("deploy", "--yes", folder, check=False)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("error: nothing was changed\n"), done
    return done.stderr


def test_keys_of_a_table_cannot_change(server, project):
    server.tidegate("deploy", "--yes", project("keys"))
    said = refused(server, project("keys", key="id"))
    assert "the table keys-table has other keys: keys (k (S) → id (S))" in said
    server.tidegate("destroy", "--yes", project("keys"))


def test_what_others_have_made_is_left_alone(server, project):
    """Terraform's role, another project's function: neither is changed because a name is the same."""
    role(server, "theirs-role")
    said = refused(server, project("theirs"))
    assert "the role theirs-role is there already, and no project has made it" in said and "Give it another name" in said
    server.tidegate("deploy", "--yes", project("shared", project="one"))
    said = refused(server, project("shared", project="two"))
    assert "the table shared-table belongs to the project one" in said
    server.tidegate("destroy", "--yes", project("shared", project="one"))


def test_deploys_in_other_regions(server, project, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    server.tidegate("deploy", "--yes", project("far"))
    assert server.client("lambda", region="eu-west-1").get_function_configuration(FunctionName="far")["FunctionArn"].startswith("arn:aws:lambda:eu-west-1:")
    assert "far" not in [f["FunctionName"] for f in server.client("lambda", region=REGION).list_functions()["Functions"]]
    server.tidegate("destroy", "--yes", project("far"))


def test_missing_code_is_told_before_anything_is_made(server, project):
    folder = project("empty")
    (folder / "app.py").unlink()
    said = refused(server, folder)
    assert "the handler app.handler of f needs a file app.js, .mjs, .cjs or .py" in said


def test_nobody_to_ask(server, project):
    done = subprocess.run([BINARY, "deploy", "--port", str(server.port), project("asked")], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Give --yes" in done.stderr
