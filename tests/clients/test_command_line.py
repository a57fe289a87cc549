"""The command line as people and scripts meet it: profiles, exit statuses, pipes, and messages that say what to do."""

import json
import signal
import subprocess
import time

import pytest

from conftest import BINARY, Server, eventually


@pytest.fixture()
def home(tmp_path, monkeypatch):
    """A home folder without settings."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_CONFIG_HOME", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder


def configure(server, profile, answers):
    script = f"printf '{answers}' | aws configure {profile} >/dev/null"
    server.run("bash", "-c", f"{script} && sleep 0.5 && aws sts get-caller-identity --output text {profile}")


def test_aws_configure_inside_of_exec(server, home):
    """Any keys are taken and none is used; names and regions are there the next time."""
    configure(server, "--profile demo-user", "AKIAREAL\\nrealsecret\\neu-west-3\\njson\\n")
    identity = server.run("aws", "sts", "get-caller-identity", "--profile", "demo-user", "--query", "Account", "--output", "text")
    assert identity.strip() == "000000000000"
    assert server.run("aws", "configure", "get", "region", "--profile", "demo-user").strip() == "eu-west-3"
    kept = (home / ".config/tidegate/aws-profiles").read_text()
    assert "demo-user" in kept and "AKIAREAL" not in kept and "realsecret" not in kept
    assert not (home / ".aws").exists()


def test_profiles_decide_the_region(server, home, monkeypatch):
    (home / ".aws").mkdir()
    (home / ".aws/config").write_text("[default]\nregion = eu-west-1\noutput = text\n[profile far]\nregion = ap-south-1\n")
    tables = server.client("dynamodb", region="ap-south-1")
    tables.create_table(TableName="far-table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    listed = lambda *more, **env: server.run("aws", "dynamodb", "list-tables", *more, env=env)
    assert "far-table" in listed("--profile", "far") and "far-table" in listed(AWS_PROFILE="far")
    assert listed() == ""  # the default profile's region, and its output format
    assert "Nothing is here yet in eu-west-1" in server.tidegate("ls").stderr
    monkeypatch.setenv("AWS_PROFILE", "far")
    assert json.loads(server.tidegate("ls", "--json").stdout)["tables"] == ["far-table"]
    assert "far-table" in server.tidegate("ls").stdout


def test_exec_passes_on_how_the_command_ends(server, tmp_path):
    status = lambda *command: server.run(*command, check=False)[0]
    assert status("sh", "-c", "exit 7") == 7
    assert status("sh", "-c", "kill -9 $$") == 137
    assert (status("no-such-program"), status(tmp_path)) == (127, 126)
    # no `--` is needed
    plain = subprocess.run([BINARY, "exec", "--port", str(server.port), "sh", "-c", "echo $0 $1", "a", "--b"], capture_output=True, text=True, timeout=60)
    assert plain.stdout == "a --b\n"


def test_exec_passes_on_what_asks_it_to_end(server, tmp_path):
    said = tmp_path / "said"
    script = f"trap 'echo ended > {said}; exit 5' TERM; touch {tmp_path}/up; while :; do sleep 0.1; done"
    process = subprocess.Popen([BINARY, "exec", "--port", str(server.port), "--", "sh", "-c", script])
    assert eventually((tmp_path / "up").exists)
    process.send_signal(signal.SIGTERM)
    assert (process.wait(20), said.read_text()) == (5, "ended\n")


def test_env_takes_other_keys_away(server, home):
    script = f"export AWS_SESSION_TOKEN=real; eval \"$('{BINARY}' env --port {server.port})\"; echo \"[$AWS_SESSION_TOKEN]\"; aws sts get-caller-identity --query Account"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["[]", '"000000000000"'], done


def test_pipes_that_close(server):
    for command in ("completion zsh", "operations --markdown", f"ls --json --port {server.port}", "help"):
        done = subprocess.run(["bash", "-c", f"set -o pipefail; '{BINARY}' {command} | head -c 1 >/dev/null; sleep 0.1"], capture_output=True, text=True, timeout=60)
        assert "panicked" not in done.stderr, (command, done.stderr)


def test_following_a_log_ends_with_its_reader(server):
    logs = server.client("logs")
    logs.create_log_group(logGroupName="/mine")
    logs.create_log_stream(logGroupName="/mine", logStreamName="s")
    put = lambda text: logs.put_log_events(logGroupName="/mine", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": text}])
    put("first")
    process = subprocess.Popen([BINARY, "logs", "/mine", "--follow", "--port", str(server.port)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().endswith(" first\n")
    process.stdout.close()
    put("second")
    assert process.wait(20) == 0


# what is asked, and what the answer says: what happened, why, and what to do
MISTAKES = [
    (["invoke", "nobody"], ["nobody was not run", "Function not found", "`tidegate ls` lists the functions"]),
    (["invoke", "nobody", "@/no/file"], ["the event cannot be read from /no/file", "No such file", "as JSON, as @FILE"]),
    (["logs", "nobody"], ["/aws/lambda/nobody cannot be read", "does not exist", "made when it first runs"]),
    (["url", "nobody"], ["no API named nobody", "lists them all"]),
    (["deploy", "/no/folder"], ["the project cannot be read", "No such file", "describes the file"]),
]


@pytest.mark.parametrize("arguments,said", MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES])
def test_messages(server, arguments, said):
    done = subprocess.run([BINARY, *arguments, "--port", str(server.port)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    assert all(part in done.stderr for part in said), done.stderr


def test_messages_where_no_server_runs():
    for command in (["ls"], ["status", "--json"], ["exec", "true"], ["shell"], ["env"], ["invoke", "f"], ["logs", "f"], ["url"]):
        done = subprocess.run([BINARY, *command, "--port", "1"], capture_output=True, text=True, timeout=60) if command[0] != "exec" else \
            subprocess.run([BINARY, "exec", "--port", "1", "true"], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert done.stderr.startswith("error: no Tidegate answers on port 1\n") and "`tidegate start`" in done.stderr, (command, done.stderr)


def test_wrong_patterns_are_told_apart_from_missing_groups(server):
    server.client("logs").create_log_group(logGroupName="/there")
    done = server.tidegate("logs", "/there", "--filter", "{", check=False)
    assert "Invalid" in done.stderr and "A filter is words" in done.stderr


def test_doctor_knows_its_own_server(server):
    found = subprocess.run([BINARY, "doctor", "--json", "--port", str(server.port)], capture_output=True, text=True, timeout=60)
    assert json.loads(found.stdout)["port"] == "in use by a Tidegate that runs"


def test_a_server_in_memory_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = subprocess.Popen([BINARY, "start", "--memory", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert any(line.startswith("Ready.") for line in process.stdout)
    assert list(tmp_path.iterdir()) != []
    process.terminate()
    assert process.wait(20) == 0 and list(tmp_path.iterdir()) == []
