"""Where functions' lines go: groups and streams, versions, JSON, groups of one's own, and roles that may not log."""

import json
import re

import pytest

from conftest import REGION, eventually, function, invoke, role

CODE = """
import logging
log = logging.getLogger()
def handler(event, context):
    print('printed')
    log.debug('d'); log.info('i'); log.error('e')
    if event.get('throw'): raise ValueError('bad')
    return 'done'
"""


def streams(server, group):
    return [s["logStreamName"] for s in server.client("logs").describe_log_streams(logGroupName=group)["logStreams"]]


def messages(server, group, stream=None, until="REPORT|platform.report"):
    """The events once one of them matches."""
    logs = server.client("logs")
    only = {"logStreamNames": [stream]} if stream else {}

    def found():
        texts = [e["message"] for e in logs.filter_log_events(logGroupName=group, **only)["events"]]
        return texts if any(re.search(until, text) for text in texts) else None

    return eventually(found) or []


def groups(server, prefix):
    return {g["logGroupName"]: g.get("retentionInDays") for g in server.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]}


def configure(server, name, **settings):
    lam = server.client("lambda")
    answer = lam.update_function_configuration(FunctionName=name, **settings)
    lam.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return answer


def test_group_and_streams_of_versions(server):
    lam = function(server, "kept", {"app.py": CODE}, "app.handler")
    assert groups(server, "/aws/lambda/kept") == {}
    invoke(server, "kept")
    assert messages(server, "/aws/lambda/kept")
    assert groups(server, "/aws/lambda/kept") == {"/aws/lambda/kept": None}, "made when it first ran, and never expiring"
    version = lam.publish_version(FunctionName="kept")["Version"]
    invoke(server, "kept", Qualifier=version)
    date = r"\d{4}/\d\d/\d\d/"
    assert eventually(lambda: len(streams(server, "/aws/lambda/kept")) == 2)
    names = sorted(streams(server, "/aws/lambda/kept"))
    assert re.fullmatch(date + r"\[\$LATEST\][0-9a-f]{32}", names[0]) and re.fullmatch(date + r"\[1\][0-9a-f]{32}", names[1])
    assert any("Version: 1" in text for text in messages(server, "/aws/lambda/kept", names[1]))


def test_json_in_a_group_of_its_own(server):
    function(server, "own", {"app.py": CODE}, "app.handler")
    settings = {"LogFormat": "JSON", "LogGroup": "/mine/all", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    assert configure(server, "own", LoggingConfig=settings)["LoggingConfig"] == settings
    invoke(server, "own", {"throw": True})
    texts = messages(server, "/mine/all")
    assert groups(server, "/aws/lambda/own") == {}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/own\[\$LATEST\][0-9a-f]{32}", streams(server, "/mine/all")[0])
    documents = [json.loads(text) for text in texts if text.startswith("{")]
    assert {"platform.initStart", "platform.start", "platform.report"} <= {d.get("type") for d in documents}
    assert {d["level"]: d.get("message") for d in documents if d.get("logger") == "root"} == {"INFO": "i", "ERROR": "e"}
    failed = next(d for d in documents if d.get("errorType"))
    assert (failed["errorType"], failed["errorMessage"], failed["level"]) == ("ValueError", "bad", "ERROR")


def test_levels(server):
    function(server, "levels", {"app.py": CODE}, "app.handler")
    configure(server, "levels", LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "ERROR", "SystemLogLevel": "WARN"})
    invoke(server, "levels")
    texts = messages(server, "/aws/lambda/levels", until='"message": ?"e"')
    assert texts and not any('"message": "i"' in text or "platform.start" in text for text in texts)
    lam = server.client("lambda")
    with pytest.raises(lam.exceptions.InvalidParameterValueException) as refused:
        lam.update_function_configuration(FunctionName="levels", LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "INFO"})
    assert "you must set the LogFormat to JSON" in str(refused.value)


def test_a_policy_for_one_group_suffices_once_it_is_there(server):
    own = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
           "Resource": f"arn:aws:logs:{REGION}:000000000000:log-group:/aws/lambda/exact:*"}
    function(server, "exact", {"app.py": CODE}, "app.handler", role_arn=role(server, "exact-role", own, basic=False))
    assert invoke(server, "exact") == ("done", None)
    assert groups(server, "/aws/lambda/exact") == {}, "it may not make the group"
    server.client("logs").create_log_group(logGroupName="/aws/lambda/exact")
    # decisions are remembered for a second
    assert eventually(lambda: invoke(server, "exact") and streams(server, "/aws/lambda/exact"))
    assert any("printed" in text for text in messages(server, "/aws/lambda/exact"))


def test_retention_of_a_group_that_is_there_stays(server):
    logs = server.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/retained")
    logs.put_retention_policy(logGroupName="/aws/lambda/retained", retentionInDays=14)
    function(server, "retained", {"app.py": CODE}, "app.handler")
    invoke(server, "retained")
    assert messages(server, "/aws/lambda/retained")
    assert groups(server, "/aws/lambda/retained") == {"/aws/lambda/retained": 14}
