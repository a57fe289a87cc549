"""One bit of the data folder is turned over: the check names the file, and the server refuses to start, answers with an
error, or answers right. It never answers wrong.

TIDEGATE_FLIPS sets how often (40). The store's own tests do the same 10,000 times, without a server around it.
"""

import os
import random
import shutil
import subprocess

import pytest
from botocore.exceptions import ClientError

from conftest import BINARY, NotStarted, Server, eventually, function, invoke, packed

FLIPS = int(os.environ.get("TIDEGATE_FLIPS", "40"))
ITEMS = 120


def fill(server, first):
    """Something of everything that is stored."""
    dynamodb, logs = server.client("dynamodb"), server.client("logs")
    for n in range(first, first + ITEMS // 2):
        dynamodb.put_item(TableName="items", Item={"k": {"S": str(n)}, "v": {"S": f"value {n} " * 5}})
    group = f"/damage/{first}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    server.client("iam").create_user(UserName=f"user-{first}", Path=f"/{first}/")
    function(server, f"function-{first}", {"handler.py": f"def handler(event, context):\n    return {first}\n"}, "handler.handler")


def attempts(server):
    """What is asked of a server, by name."""
    dynamodb, iam, logs = (server.client(service) for service in ("dynamodb", "iam", "logs"))
    asked = {f"item {n}": lambda n=n: dynamodb.get_item(TableName="items", Key={"k": {"S": str(n)}}).get("Item") for n in range(0, ITEMS, 3)}
    asked["all items"] = lambda: sorted(item["k"]["S"] + item["v"]["S"] for item in dynamodb.scan(TableName="items")["Items"])
    asked["tables"] = lambda: dynamodb.describe_table(TableName="items")["Table"]["KeySchema"]
    asked["users"] = lambda: sorted(user["Arn"] for user in iam.list_users()["Users"])
    asked["groups"] = lambda: [group["arn"] for group in logs.describe_log_groups(logGroupNamePrefix="/damage")["logGroups"]]
    for first in (0, ITEMS // 2):
        asked[f"answer {first}"] = lambda first=first: invoke(server, f"function-{first}")
    return asked


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """(a folder with runs, a log to replay and blobs; the right answers)"""
    server = Server()
    server.client("dynamodb").create_table(
        TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    fill(server, 0)
    server.stop()
    server.start()
    fill(server, ITEMS // 2)
    server.kill()
    folder = tmp_path_factory.mktemp("damage") / "sound"
    # Extracted code comes from the store again, and has a test of its own.
    shutil.copytree(server.data, folder, ignore=shutil.ignore_patterns("scratch"))
    server.start()
    answers = {name: ask() for name, ask in attempts(server).items()}
    server.remove()
    assert answers["answer 0"] == (0, None) and len(answers["all items"]) == ITEMS
    return folder, answers


def flip(folder):
    """Turns one bit over; the file, and where. The empty room at the end of a log is left to the store's own tests."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = random.choice(files)
    content = bytearray(path.read_bytes())
    byte, bit = random.randrange(len(content.rstrip(b"\0")) + 8) % len(content), random.randrange(8)
    content[byte] ^= 1 << bit
    path.write_bytes(content)
    return path, f"{path.relative_to(folder)}, byte {byte}, bit {bit}"


def verified(folder):
    """(whether the check reports damage, what it says)"""
    checked = subprocess.run([BINARY, "doctor", "--verify", "--data", folder], capture_output=True, text=True, timeout=60)
    text = checked.stdout + checked.stderr
    assert checked.returncode in (0, 1, 78) and "panicked" not in text, text
    return checked.returncode != 0, text


def answers_of(folder):
    """What a server on this folder answers; `None` for an error. Nothing at all if it refuses to start."""
    try:
        server = Server(folder)
    except NotStarted as refused:
        assert "panicked" not in str(refused) and "error" in str(refused), refused
        return None
    answers = {}
    for name, ask in attempts(server).items():
        try:
            answers[name] = ask()
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500, (name, error)
            answers[name] = None
    assert server.process.poll() is None and not any("panicked" in line for line in server.lines)
    server.kill()
    return answers


def test_no_flipped_bit_gives_a_wrong_answer(sound, tmp_path, capsys):
    folder, right = sound
    seen = {"reported": 0, "refused to start": 0, "answered with errors": 0, "harmless": 0}
    for n in range(FLIPS):
        damaged = tmp_path / str(n)
        shutil.copytree(folder, damaged)
        path, place = flip(damaged)
        reported, text = verified(damaged)
        newer = path.name == "FORMAT" and "this program knows formats up to" in text
        assert not reported or path.name in text and "affected: " in text or newer, f"{place}: {text}"
        answers = answers_of(damaged)
        wrong = {name: answer for name, answer in (answers or {}).items() if answer not in (None, right[name])}
        assert not wrong, f"{place}: {wrong}"
        noticed = answers is None or None in answers.values()
        in_store = path.is_relative_to(damaged / "store")
        assert reported or not noticed or not in_store, f"{place}: noticed, but not reported"
        kind = "refused to start" if answers is None else "answered with errors" if noticed else "harmless"
        seen[kind] += 1
        seen["reported"] += reported
        shutil.rmtree(damaged)
    with capsys.disabled():
        print(f"\n{FLIPS} flipped bits: {seen}")
    assert seen["reported"] > FLIPS // 4, seen


def test_the_sound_folder_is_sound(sound, tmp_path):
    folder, right = sound
    shutil.copytree(folder, tmp_path / "copy")
    reported, text = verified(tmp_path / "copy")
    assert not reported and "0 damaged" in text
    assert answers_of(tmp_path / "copy") == right


VALUE = "value = {}\n"
JOINED = "import own, first, second\ndef handler(event, context):\n    return [own.value, first.value, second.value]\n"


def layer(server, name):
    zipped = packed({f"python/{name}.py": VALUE.format(repr(name))})
    return server.client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": zipped})["LayerVersionArn"]


def test_extracted_code_that_was_damaged_between_two_runs_does_not_run(server):
    """Code lies extracted in the data folder, two layers merged; each of the files is damaged in turn."""
    files = {"handler.py": JOINED, "own.py": VALUE.format("'own'")}
    function(server, "joined", files, "handler.handler", Layers=[layer(server, "first"), layer(server, "second")])
    right = (["own", "first", "second"], None)
    assert invoke(server, "joined") == right
    server.stop()
    scratch = server.data / "scratch"
    extracted = sorted(path for path in scratch.rglob("*.py"))
    assert {path.name for path in extracted} == {"handler.py", "own.py", "first.py", "second.py"}
    for path in [*extracted, *scratch.rglob("*.seal")]:
        content = bytearray(path.read_bytes())
        # 'own' becomes 'owm', or something that does not compile
        content[-3] ^= 1 << random.randrange(7)
        path.write_bytes(content)
        server.start()
        assert invoke(server, "joined") == right, path
        assert any("extracted again" in line for line in server.lines), path
        server.stop()
    server.start()
    assert invoke(server, "joined") == right
    assert not any("extracted again" in line for line in server.lines), "what is whole is taken as it is"


def test_a_damaged_sdk_is_found_and_installed_again(tmp_path, monkeypatch):
    """SDKs lie beside the data, in the cache. They are read soon after their first use in each run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    server = Server()
    try:
        code = "import boto3\ndef handler(event, context):\n    return boto3.__version__\n"
        function(server, "versioned", {"handler.py": code}, "handler.handler")
        right = invoke(server, "versioned")
        assert right[1] is None, right
        server.stop()
        [source] = tmp_path.glob("tidegate/sdk/*/boto3/__init__.py")
        assert right[0] in source.read_text()
        source.write_text(source.read_text().replace(right[0], right[0].replace("1.", "9.")))
        server.start()
        invoke(server, "versioned")
        told = eventually(lambda: [line for line in server.lines if "SDK for functions is damaged" in line])
        assert told and "boto3/__init__.py" in told[0], server.lines
        assert invoke(server, "versioned") == right
        assert right[0] in source.read_text()
    finally:
        server.remove()
