"""Functions as on AWS: environment, errors, limits, logs, permissions; in Node.js and Python."""

import base64
import json
import re
import time

import pytest

from conftest import BASIC, REGION, eventually, function, invoke, role

PROBE = """
import json, os, sys
count = 0
def handler(event, context):
    global count
    count += 1
    print('one line'); print('another')
    kind = event.get('do')
    if kind == 'throw': raise ValueError('no good')
    if kind == 'exit': sys.exit(3)
    if kind == 'spin':
        while True: pass
    if kind == 'eat':
        hoard = []
        while True: hoard.append(b'x' * 10_000_000)
    if kind == 'big': return 'x' * 7_000_000
    if kind == 'set': return {1, 2}
    if kind == 'write': open('/tmp/kept', 'w').write('yes')
    return {'count': count, 'kept': os.path.exists('/tmp/kept'), 'env': dict(os.environ), 'cwd': os.getcwd(),
            'arn': context.invoked_function_arn, 'memory': context.memory_limit_in_mb, 'left': context.get_remaining_time_in_millis()}
"""


@pytest.fixture(scope="module")
def probe(server):
    return function(server, "probe", {"handler.py": PROBE}, "handler.handler", Timeout=3, Environment={"Variables": {"OWN": "1"}})


def test_environment(server, probe):
    answer, error = invoke(server, "probe")
    assert error is None
    env = answer["env"]
    expected = {  # facts of a recorded function; see runtimes/README.md
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11", "AWS_LAMBDA_FUNCTION_NAME": "probe", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION, "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/probe", "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime", "LANG": "en_US.UTF-8", "TZ": ":UTC", "_HANDLER": "handler.handler", "OWN": "1",
    }
    assert {name: env.get(name) for name in expected} == expected
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", env["AWS_LAMBDA_LOG_STREAM_NAME"])
    assert env["AWS_ACCESS_KEY_ID"].startswith("ASIA") and env["AWS_SESSION_TOKEN"]
    assert answer["cwd"] == "/var/task"
    assert answer["arn"] == f"arn:aws:lambda:{REGION}:000000000000:function:probe"
    assert answer["memory"] == "256" and 0 < answer["left"] <= 3000


def test_state_is_kept_between_invocations(server, probe):
    first, _ = invoke(server, "probe")
    second, _ = invoke(server, "probe")
    assert second["count"] == first["count"] + 1


# payloads as AWS answers them
ERRORS = [
    ("throw", {"errorMessage": "no good", "errorType": "ValueError"}),
    ("exit", {"errorType": "Runtime.ExitError"}),
    ("spin", {"errorType": "Sandbox.Timedout"}),
    ("eat", {"errorType": "Runtime.OutOfMemory|Runtime.ExitError"}),
    ("big", {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": r"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\."}),
    ("set", {"errorType": "Runtime.MarshalError", "errorMessage": "Unable to marshal response: .*"}),
]


@pytest.mark.parametrize("what,expected", ERRORS, ids=[e[0] for e in ERRORS])
def test_errors(server, probe, what, expected):
    answer, error = invoke(server, "probe", {"do": what})
    assert error == "Unhandled", answer
    for member, pattern in expected.items():
        assert re.fullmatch(pattern, answer[member]), answer
    if what == "spin":
        assert answer["errorMessage"].endswith("Error: Task timed out after 3.00 seconds")
    assert invoke(server, "probe")[1] is None, "the next invocation works again"


def test_tmp_outlives_a_timeout_and_the_process_does_not(server, probe):
    invoke(server, "probe", {"do": "write"})
    invoke(server, "probe", {"do": "spin"})
    answer, _ = invoke(server, "probe")
    assert (answer["kept"], answer["count"]) == (True, 1)


def test_log(server, probe):
    answer = server.client("lambda").invoke(FunctionName="probe", LogType="Tail", Payload="{}")
    request_id = answer["ResponseMetadata"]["RequestId"]
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert f"START RequestId: {request_id} Version: $LATEST\n" in tail
    logs = server.client("logs")

    def events():
        found = logs.filter_log_events(logGroupName="/aws/lambda/probe")["events"]
        texts = [e["message"] for e in found]
        return texts if any("REPORT RequestId: " + request_id in t for t in texts) else None

    texts = eventually(events)
    assert {"one line\n", "another\n", f"END RequestId: {request_id}\n"} <= set(texts)
    report = next(t for t in texts if t.startswith("REPORT RequestId: " + request_id))
    assert re.fullmatch(
        r"REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\t(Init Duration: [\d.]+ ms\t)?\n", report)


def test_invocation_types(server, probe):
    lam = server.client("lambda")
    assert lam.invoke(FunctionName="probe", InvocationType="DryRun")["StatusCode"] == 204
    assert lam.invoke(FunctionName="probe", InvocationType="Event", Payload="{}")["StatusCode"] == 202
    with pytest.raises(lam.exceptions.InvalidRequestContentException) as refused:
        lam.invoke(FunctionName="probe", Payload="{")
    assert "Could not parse request body into json" in str(refused.value)
    with pytest.raises(lam.exceptions.ResourceNotFoundException) as missing:
        lam.invoke(FunctionName="nobody")
    assert "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody" in str(missing.value)


def test_the_largest_payload(server):
    lam = function(server, "echo", {"handler.py": "def handler(event, context): return event"}, "handler.handler")
    largest = json.dumps("x" * (6_291_456 - 2))
    answer = lam.invoke(FunctionName="echo", Payload=largest)
    assert (answer.get("FunctionError"), answer["Payload"].read() == largest.encode()) == (None, True)
    with pytest.raises(lam.exceptions.ClientError) as refused:
        lam.invoke(FunctionName="echo", Payload=largest + " ")
    assert refused.value.response["Error"]["Code"] == "RequestEntityTooLargeException"


def test_a_role_that_may_not_log(server):
    arn = role(server, "silent-role", basic=False)
    function(server, "silent", {"handler.py": PROBE}, "handler.handler", role_arn=arn)
    answer = server.client("lambda").invoke(FunctionName="silent", LogType="Tail", Payload="{}")
    assert answer.get("FunctionError") is None
    assert "REPORT RequestId" in base64.b64decode(answer["LogResult"]).decode()
    time.sleep(1)
    groups = server.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/silent")["logGroups"]
    assert groups == []


def test_roles_limit_functions(server):
    code = """
import boto3, botocore
def handler(event, context):
    try:
        boto3.client(event['service']).__getattribute__(event['call'])(**event.get('with', {}))
        return 'allowed'
    except botocore.exceptions.ClientError as error:
        return error.response['Error']['Code'] + ': ' + error.response['Error']['Message']
"""
    table = f"arn:aws:dynamodb:{REGION}:000000000000:table/allowed"
    arn = role(server, "narrow-role", {"Effect": "Allow", "Action": ["dynamodb:Scan"], "Resource": table})
    server.client("dynamodb").create_table(
        TableName="allowed", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    function(server, "narrow", {"handler.py": code}, "handler.handler", runtime="python3.12", role_arn=arn, Timeout=30)
    ask = lambda service, call, **more: invoke(server, "narrow", {"service": service, "call": call, "with": more})[0]
    assert ask("dynamodb", "scan", TableName="allowed") == "allowed"
    denied = ask("dynamodb", "scan", TableName="other")
    assert denied == (
        "AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/narrow-role/narrow is not authorized to perform: dynamodb:Scan on resource: "
        f"arn:aws:dynamodb:{REGION}:000000000000:table/other because no identity-based policy allows the dynamodb:Scan action")
    assert ask("iam", "create_user", UserName="x").startswith("AccessDenied: User: arn:aws:sts::")
    assert ask("sts", "get_caller_identity") == "allowed"


NODE = """
exports.handler = async (event, context) => {
  console.log('line one\\nline two');
  console.error('oops', { a: 1 });
  if (event.throw) throw new TypeError('bad');
  if (event.exit) process.exit(1);
  return { version: process.version, env: process.env.AWS_EXECUTION_ENV, sdk: typeof require('@aws-sdk/client-dynamodb').DynamoDBClient, id: context.awsRequestId };
};
"""


def test_node(server):
    function(server, "node", {"index.js": NODE}, "index.handler", runtime="nodejs20.x")
    answer, error = invoke(server, "node")
    assert error is None and answer["env"] == "AWS_Lambda_nodejs20.x" and answer["sdk"] == "function"
    answer, error = invoke(server, "node", {"throw": True})
    assert error == "Unhandled" and (answer["errorType"], answer["errorMessage"]) == ("TypeError", "bad") and "TypeError: bad" in answer["trace"][0]
    answer, error = invoke(server, "node", {"exit": True})
    assert answer["errorType"] == "Runtime.ExitError" and "Runtime exited with error: exit status 1" in answer["errorMessage"]
    logs = server.client("logs")
    found = eventually(lambda: [e["message"] for e in logs.filter_log_events(logGroupName="/aws/lambda/node", filterPattern="oops")["events"]])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f-]{36}\tERROR\toops \{ a: 1 \}\n", found[0])


def test_wrong_handlers(server):
    cases = [
        ("nofile", {"index.js": NODE}, "main.handler", "nodejs20.x", "Runtime.ImportModuleError", "Cannot find module 'main'"),
        ("noname", {"index.js": NODE}, "index.other", "nodejs20.x", "Runtime.HandlerNotFound", "index.other is undefined or not exported"),
        ("nomodule", {"handler.py": PROBE}, "main.handler", "python3.11", "Runtime.ImportModuleError", "Unable to import module 'main': No module named 'main'"),
        ("noattr", {"handler.py": PROBE}, "handler.other", "python3.11", "Runtime.HandlerNotFound", "Handler 'other' missing on module 'handler'"),
    ]
    arn = role(server, "wrong-role")
    for name, files, handler, runtime, kind, message in cases:
        function(server, name, files, handler, runtime=runtime, role_arn=arn)
        answer, error = invoke(server, name)
        assert (error, answer["errorType"]) == ("Unhandled", kind), answer
        assert message in answer["errorMessage"], answer


def test_refused_configurations(server, probe):
    lam = server.client("lambda", parameter_validation=False)
    arn = role(server, "ok-role")
    iam = server.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    other = iam.create_role(RoleName="ec2-role", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    good = {"Runtime": "nodejs20.x", "Handler": "index.handler", "Role": arn, "Code": {"ZipFile": b"PK\5\6" + bytes(18)}}
    cases = [
        ({"Role": other}, "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
        ({"Timeout": 901}, "ValidationException|InvalidParameterValueException", "900"),
        ({"MemorySize": 64}, "ValidationException|InvalidParameterValueException", "128"),
        ({"Runtime": "nodejs14.x"}, "InvalidParameterValueException", "no longer supported"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException", "AWS_REGION"),
        ({"Code": {"ZipFile": b"not a zip"}}, "InvalidParameterValueException", "Could not unzip uploaded file"),
    ]
    for change, code, text in cases:
        with pytest.raises(lam.exceptions.ClientError) as refused:
            lam.create_function(FunctionName="refused", **{**good, **change})
        error = refused.value.response["Error"]
        assert re.fullmatch(code, error["Code"]) and text in error["Message"], (change, error)
    assert "refused" not in [f["FunctionName"] for f in lam.list_functions()["Functions"]]
