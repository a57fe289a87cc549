"""The main job: the items example, deployed by `tidegate deploy` and by Terraform, called at its URLs."""

import json
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

from conftest import ROOT, Server, packed

EXAMPLE = ROOT / "examples/items-api"
PACKAGES = {
    "node": {"index.js": (EXAMPLE / "node/index.js").read_text()},
    "python": {"handler.py": (EXAMPLE / "python/handler.py").read_text()},
}


def use_items(server, url):
    """Create, list, read, replace, delete."""
    status, headers, body = server.curl(f"{url}/items", "-X", "POST", "-H", "content-type: application/json", "-d", '{"name":"first","price":1.5}')
    assert status == 201, body
    assert headers["content-type"] == ["application/json"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{15}=", headers["apigw-requestid"][0])
    item = json.loads(body)
    path = f"{url}/items/{item['sk']}"
    assert [i["name"] for i in json.loads(server.curl(f"{url}/items")[2])["items"]] == ["first"]
    assert json.loads(server.curl(path)[2])["price"] == 1.5
    status, _, body = server.curl(path, "-X", "PUT", "-H", "content-type: application/json", "-d", '{"name":"second"}')
    assert (status, json.loads(body)["name"]) == (200, "second")
    status, _, body = server.curl(path, "-X", "DELETE")
    assert (status, body) == (204, "")
    assert server.curl(path)[0] == 404
    status, _, body = server.curl(f"{url}/items", "-X", "POST", "-H", "content-type: application/json", "-d", "{")
    assert (status, json.loads(body)) == (400, {"error": "The body must be a JSON object."})
    assert server.curl(f"{url}/nowhere")[0] == 404


def test_deploy(tmp_path):
    server = Server()
    try:
        project = tmp_path / "project"
        shutil.copytree(EXAMPLE, project)
        first = server.tidegate("deploy", "--yes", project).stdout
        assert "+ function items" in first and "✓ HTTP API items added" in first
        assert "Nothing to do" in server.tidegate("deploy", "--yes", project).stdout
        url = server.tidegate("url", "items").stdout.strip()
        use_items(server, url)
        text = (project / "tidegate.yaml").read_text()
        (project / "tidegate.yaml").write_text(text.replace("memory: 256", "memory: 512").replace("        - PUT /items/{id}\n", ""))
        planned = json.loads(server.tidegate("deploy", "--dry-run", "--json", project).stdout)["steps"]
        changes = {step["resource"]: step["points"] for step in planned if step["change"] == "change"}
        assert changes == {"function": ["memory (256 → 512)"], "HTTP API": ["- PUT /items/{id}"]}
        server.tidegate("deploy", "--yes", project)
        assert server.curl(f"{url}/items/x", "-X", "PUT")[0] == 404
        server.tidegate("destroy", "--yes", project)
        assert all(found == [] for found in json.loads(server.tidegate("ls", "--json").stdout).values())
    finally:
        server.remove()


def test_survives_a_restart(tmp_path):
    server = Server()
    try:
        server.tidegate("deploy", "--yes", EXAMPLE)
        url = server.tidegate("url", "items").stdout.strip()
        body = server.curl(f"{url}/items", "-X", "POST", "-H", "content-type: application/json", "-d", '{"name":"kept"}')[2]
        server.kill()
        server.start()
        assert json.loads(server.curl(f"{url}/items")[2])["items"] == [json.loads(body)]
        assert server.stop() == 0
        server.start()
        assert json.loads(server.curl(f"{url}/items")[2])["items"] == [json.loads(body)]
    finally:
        server.remove()


@lru_cache
def terraform_settings():
    """A CLI configuration that names a local mirror of the AWS provider, or the reason why there is none."""
    if not shutil.which("terraform"):
        return None, "terraform is not installed"
    listed = subprocess.run(
        ["find", "/", "-maxdepth", "6", "(", "-path", "/proc", "-o", "-path", "/sys", ")", "-prune", "-o",
         "-type", "d", "-path", "*/registry.terraform.io/hashicorp/aws", "-print", "-quit"], capture_output=True, text=True)
    found = listed.stdout.strip()
    if not found:
        return None, "no folder on this machine holds registry.terraform.io/hashicorp/aws"
    file = ROOT / "target/clients/mirror.tfrc"
    mirror = found.split("/registry.terraform.io/")[0]
    file.write_text('provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' % mirror)
    return file, None


def terraform(server, folder, *arguments, check=True):
    settings, _ = terraform_settings()
    return server.run("terraform", *arguments, "-no-color", cwd=folder, env={"TF_CLI_CONFIG_FILE": str(settings)}, check=check)


def tailed(server, group):
    """`aws logs tail --follow` shows what is there and goes on; only version 2 of the AWS CLI has it."""
    cli = next((c for c in ("/usr/local/bin/aws", "/usr/bin/aws") if os.path.exists(c) and "aws-cli/2" in subprocess.run([c, "--version"], capture_output=True, text=True).stdout), None)
    if cli is None:
        return print("\n*** SKIPPED: aws logs tail, because version 2 of the AWS CLI is not installed ***")
    status, text = server.run("timeout", "8", cli, "logs", "tail", group, "--follow", "--region", "us-east-1", check=False)
    assert status == 124 and all(word in text for word in ("START RequestId", "END RequestId", "Memory Size: 256 MB")), text


@pytest.mark.parametrize("variant", ["node", "python"])
def test_terraform(tmp_path, variant):
    _, missing = terraform_settings()
    if missing:
        print(f"\n*** SKIPPED: Terraform's test, because {missing} ***")
        pytest.skip(missing)
    server = Server()
    try:
        folder = tmp_path / "terraform"
        shutil.copytree(EXAMPLE / "terraform", folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.zip"))
        (folder / "code.zip").write_bytes(packed(PACKAGES[variant]))
        if variant == "python":
            text = (folder / "main.tf").read_text()
            (folder / "main.tf").write_text(text.replace('"index.handler"', '"handler.handler"').replace("nodejs20.x", "python3.12"))
        terraform(server, folder, "init", "-input=false")
        terraform(server, folder, "apply", "-input=false", "-auto-approve")
        status, out = terraform(server, folder, "plan", "-input=false", "-detailed-exitcode", check=False)
        assert status == 0, out[-3000:]
        url = server.run("terraform", "output", "-raw", "api_url", cwd=folder).strip()
        assert re.fullmatch(r"https://[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com", url)
        use_items(server, url)
        tailed(server, "/aws/lambda/items")
        terraform(server, folder, "destroy", "-input=false", "-auto-approve")
        assert all(found == [] for found in json.loads(server.tidegate("ls", "--json").stdout).values())
    finally:
        server.remove()
