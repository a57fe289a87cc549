"""The one port: limits, slow clients, TLS and the proxy, accounts and regions, LocalStack's conventions, start and stop."""

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from conftest import BINARY, Server, eventually, function, invoke, role


def get(server, path, headers=None):
    request = urllib.request.Request(server.url + path, headers=headers or {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read()


@pytest.fixture(scope="module")
def api(server):
    """An API in front of a function that echoes what arrives; its URL on the execute-api host name."""
    function(server, "echo", {"handler.py": "def handler(e, c):\n    return {'length': len(e.get('body') or ''), 'path': e['rawPath']}\n"}, "handler.handler")
    gateway = server.client("apigatewayv2")
    arn = server.client("lambda").get_function_configuration(FunctionName="echo")["FunctionArn"]
    made = gateway.create_api(Name="echo", ProtocolType="HTTP", Target=arn)
    server.client("lambda").add_permission(
        FunctionName="echo", StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:000000000000:{made['ApiId']}/*/*")
    return made


def test_urls_of_an_api(server, api):
    """By AWS' own name over TLS and HTTP/2, by a local name, and by path."""
    status, _, body = server.curl(f"{api['ApiEndpoint']}/a", "--http2")
    assert (status, json.loads(body)["path"]) == (200, "/a")
    status, _, body = server.curl(f"http://{api['ApiId']}.execute-api.localhost:{server.port}/b")
    assert (status, json.loads(body)["path"]) == (200, "/b")
    assert json.loads(get(server, f"/_aws/execute-api/{api['ApiId']}/$default/c")[1])["path"] == "/c"
    assert server.curl(f"https://nothing00.execute-api.us-east-1.amazonaws.com/")[0] == 404


def test_sizes(server, api):
    url = f"http://{api['ApiId']}.execute-api.localhost:{server.port}/"
    big = server.data / "big"
    big.write_bytes(b"x" * 5_000_000)
    status, _, body = server.curl(url, "-X", "POST", "-H", "content-type: text/plain", "--data-binary", f"@{big}")
    assert (status, json.loads(body)["length"]) == (200, 5_000_000)
    big.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    status, _, body = server.curl(url, "-X", "POST", "-H", "content-type: text/plain", "-H", "expect:", "--data-binary", f"@{big}")
    assert (status, json.loads(body)) == (413, {"message": "Request Entity Too Large"})
    assert server.curl(url, "-H", f"x-long: {'y' * 10_300}")[0] == 431
    assert server.curl(url)[0] == 200
    with pytest.raises(ClientError) as large:
        server.client("lambda").invoke(FunctionName="echo", Payload=json.dumps("x" * 6_300_000))
    assert large.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert large.value.response["Error"]["Code"] == "RequestTooLargeException" or "RequestEntityTooLarge" in large.value.response["Error"]["Code"]


def test_large_items_are_refused_whole(server):
    dynamodb = server.client("dynamodb")
    dynamodb.create_table(TableName="sizes", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    with pytest.raises(ClientError) as large:
        dynamodb.put_item(TableName="sizes", Item={"k": {"S": "a"}, "v": {"S": "x" * 409_600}})
    assert large.value.response["Error"] == {"Code": "ValidationException", "Message": "Item size has exceeded the maximum allowed size"}
    with pytest.raises(ClientError):
        dynamodb.batch_write_item(RequestItems={"sizes": [
            {"PutRequest": {"Item": {"k": {"S": "good"}}}}, {"PutRequest": {"Item": {"k": {"S": "bad"}, "v": {"S": "x" * 409_600}}}}]})
    assert dynamodb.scan(TableName="sizes")["Count"] == 0


def answer_times(server, while_running):
    """Seconds that health takes as long as the process runs, by turns on a new and on a kept connection."""
    kept, times = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20), []
    while while_running.poll() is None:
        new = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        for connection in (new, kept):
            began = time.monotonic()
            connection.request("GET", "/_tidegate/health")
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read()
            times.append(time.monotonic() - began)
        new.close()
        time.sleep(0.01)
    return sorted(times)


def test_slow_clients_are_dropped_and_honest_ones_served(server, capsys):
    """5,000 clients that send a byte every five seconds, some of them beginning like HTTP/2 or TLS."""
    count = min(5000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] // 2)
    herd = subprocess.Popen([sys.executable, Path(__file__).with_name("slow_clients.py"), str(server.port), str(count)], stdout=subprocess.PIPE, text=True)
    assert herd.stdout.readline() == "open\n"
    times = answer_times(server, herd)
    told = json.loads(herd.stdout.read())
    with capsys.disabled():
        print(f"\n{count} slow clients: let go after {told['first_s']} to {told['last_s']} s; "
              f"{len(times)} honest requests meanwhile, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, slowest {times[-1] * 1000:.1f} ms")
    assert told["ended"] == count, told
    # 10 s for a request's head, and as many again for a machine that does other things, too.
    assert told["last_s"] < 20, told
    assert len(times) > 100


def test_raises_its_limit_of_open_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        started = Server()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert resource.prlimit(started.process.pid, resource.RLIMIT_NOFILE) == (hard, hard)
    started.remove()


def test_survives_the_lack_of_open_files(server):
    """Clients above the limit wait in the kernel's queue, and are served once others have gone."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    few = len(os.listdir(f"/proc/{pid}/fd")) + 20
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (few, before[1]))
    try:
        crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(100)]
        time.sleep(0.5)
        assert server.process.poll() is None
        [connection.close() for connection in crowd]
        assert eventually(lambda: get(server, "/_tidegate/health")[0] == 200)
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert server.client("logs").describe_log_groups()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_slow_bodies_are_dropped(server):
    late = socket.create_connection(("127.0.0.1", server.port), timeout=40)
    late.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
    answer = late.recv(4096)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408"), answer
    late.close()
    assert get(server, "/_tidegate/health")[0] == 200


def test_deep_json_is_refused(server):
    deep = b'{"a":' * 10_000
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n\r\n" % len(deep) + deep)
    assert connection.recv(4096).startswith(b"HTTP/1.1 400")
    connection.close()


def test_accounts_and_regions_are_separate(server):
    groups = lambda **where: [g["logGroupName"] for g in server.client("logs", **where).describe_log_groups()["logGroups"] if g["logGroupName"].startswith("mine")]
    server.client("logs", key="111122223333").create_log_group(logGroupName="mine")
    server.client("logs", key="111122223333", region="eu-west-1").create_log_group(logGroupName="mine-in-ireland")
    assert groups(key="111122223333") == ["mine"]
    assert groups(key="111122223333", region="eu-west-1") == ["mine-in-ireland"]
    assert groups(key="444455556666") == [] and groups() == []
    assert server.client("sts", key="111122223333").get_caller_identity()["Arn"] == "arn:aws:iam::111122223333:root"


def test_localstack_conventions(server):
    health = json.loads(get(server, "/_localstack/health")[1])
    assert health["services"]["dynamodb"] == "running" and health["services"]["apigateway"] == "running"
    assert json.loads(get(server, "/_localstack/init/ready")[1])["completed"] is True
    assert any(line == "Ready.\n" for line in server.lines)


def test_what_is_not_offered_says_so(server):
    """501 in each protocol, naming the operation; never HTML."""
    cases = [("sqs", "list_queues", {}), ("cloudformation", "list_stacks", {}), ("lambda", "list_event_source_mappings", {}), ("apigateway", "get_rest_apis", {}), ("s3", "list_buckets", {})]
    for service, call, arguments in cases:
        with pytest.raises(ClientError) as refused:
            getattr(server.client(service), call)(**arguments)
        answer = refused.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501, (service, answer)
        assert call.replace("_", "") in answer["Error"]["Message"].lower(), answer


def test_exec_keeps_the_users_keys_out(server, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[demo-user]\naws_access_key_id = AKIAREALREALREALREAL\naws_secret_access_key = realsecret\n")
    (tmp_path / ".aws/config").write_text("[profile other]\nregion = eu-central-1\n")
    env = {"HOME": str(tmp_path), "AWS_SESSION_TOKEN": "real-token", "AWS_PROFILE": ""}
    shown = server.run("sh", "-c", "env; cat $AWS_CONFIG_FILE $AWS_SHARED_CREDENTIALS_FILE", env=env)
    assert "AKIAREAL" not in shown and "realsecret" not in shown and "real-token" not in shown
    assert "[demo-user]" in shown and "[profile other]\nregion = eu-central-1" in shown
    identity = json.loads(server.run("aws", "sts", "get-caller-identity", "--profile", "demo-user", "--output", "json", env=env))
    assert identity["Account"] == "000000000000"
    status, _ = server.run("sh", "-c", "exit 7", check=False)
    assert status == 7
    server.run("aws", "configure", "set", "region", "eu-west-3", env=env)
    assert "eu-west-3" not in (tmp_path / ".aws/config").read_text()


def test_starts_and_stops(tmp_path):
    first = Server(tmp_path / "data")
    try:
        busy = subprocess.run([BINARY, "start", "--port", str(first.port), "--data", tmp_path / "other"], capture_output=True, text=True, timeout=30)
        assert busy.returncode == 1 and "is in use" in busy.stderr and "hint:" in busy.stderr
        locked = subprocess.run([BINARY, "start", "--port", "0", "--data", first.data], capture_output=True, text=True, timeout=30)
        assert locked.returncode == 1 and "another server uses" in locked.stderr
        assert subprocess.run([BINARY, "reset", "--yes", "--data", first.data], capture_output=True, timeout=30).returncode == 1
        assert first.stop() == 0
    finally:
        first.remove() if first.process.poll() is None else None
    stamp = first.data / "store/FORMAT"
    old = stamp.read_text()
    stamp.write_text(old.replace("1", "99").replace("2", "99").replace("3", "99"))
    newer = subprocess.run([BINARY, "start", "--port", "0", "--data", first.data], capture_output=True, text=True, timeout=30)
    assert newer.returncode in (1, 78) and "hint:" in newer.stderr
    stamp.write_text(old)
    sound = subprocess.run([BINARY, "doctor", "--verify", "--data", first.data], capture_output=True, text=True, timeout=60)
    assert sound.returncode == 0 and "0 damaged" in sound.stdout, sound
    assert subprocess.run([BINARY, "reset", "--yes", "--data", first.data], capture_output=True, timeout=30).returncode == 0
    assert not Path(first.data).exists()


SLEEPY = """
import time, boto3
table = boto3.resource('dynamodb').Table('seen')
def handler(event, context):
    table.put_item(Item={'k': 'began'})
    time.sleep(event['seconds'])
    return table.get_item(Key={'k': 'began'})['Item']['k']
"""


def test_stopping_answers_what_is_in_flight(tmp_path):
    """Row D10: a function that runs ends, and may still call; its client is answered; connections without a request end."""
    server = Server(tmp_path / "data")
    try:
        table = {"AttributeName": "k", "KeyType": "HASH"}, {"AttributeName": "k", "AttributeType": "S"}
        dynamodb = server.client("dynamodb")
        dynamodb.create_table(TableName="seen", BillingMode="PAY_PER_REQUEST", KeySchema=[table[0]], AttributeDefinitions=[table[1]])
        own = role(server, "sleepy", {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
        function(server, "sleepy", {"handler.py": SLEEPY}, "handler.handler", role_arn=own)
        idle = socket.create_connection(("127.0.0.1", server.port))
        idle.sendall(b"GET /_tidegate/health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200")
        answers = []
        client = threading.Thread(target=lambda: answers.append(invoke(server, "sleepy", {"seconds": 2})))
        client.start()
        assert eventually(lambda: dynamodb.get_item(TableName="seen", Key={"k": {"S": "began"}}).get("Item"))
        assert server.stop() == 0
        client.join(20)
        assert answers == [("began", None)]
        idle.settimeout(5)
        assert idle.recv(1) == b""
    finally:
        server.remove()


def test_output_for_programs(server):
    for command in (["status"], ["ls"], ["url"], ["env"]):
        assert json.loads(server.tidegate(command[0], "--json").stdout) is not None
    for command in (["version", "--json"], ["runtimes", "--json"], ["operations", "--json"]):
        assert json.loads(subprocess.run([BINARY, *command], capture_output=True, text=True, timeout=60).stdout)
    assert "\x1b" not in server.tidegate("ls").stdout
    assert "_tidegate" in subprocess.run([BINARY, "completion", "bash"], capture_output=True, text=True).stdout


def test_secrets_are_not_logged(server):
    assert not any(word in "".join(server.lines) for word in ("test/test", "ASIA", "FwoGZXIv"))
