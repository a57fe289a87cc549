"""Requests that must change nothing: unsigned, wrongly signed, old, foreign, malformed.

The error codes are those that AWS documents for each protocol ("Common Errors" of the services' API references, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
"""

import datetime
import http.client
import json
import re
import socket

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import REGION

TABLE = {
    "TableName": "intruder", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
}


class Attempt:
    """An attempt to make something, in one service's protocol, signed well until a case spoils it."""

    def __init__(self, server, service):
        self.server, self.service, self.host = server, service, f"127.0.0.1:{server.port}"
        self.method, self.path = "POST", "/"
        self.headers = {}
        if service == "dynamodb":
            self.headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.CreateTable"}
            self.body = json.dumps(TABLE)
        elif service == "iam":
            self.headers = {"content-type": "application/x-www-form-urlencoded"}
            self.body = "Action=CreateUser&Version=2010-05-08&UserName=intruder"
        elif service == "lambda":
            self.path = "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:victim"
            self.headers = {"content-type": "application/json"}
            self.body = json.dumps({"Tags": {"intruder": "1"}})
        elif service == "logs":
            self.headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "Logs_20140328.CreateLogGroup"}
            self.body = json.dumps({"logGroupName": "intruder"})
        elif service == "apigateway":
            self.path = "/v2/apis"
            self.headers = {"content-type": "application/json"}
            self.body = json.dumps({"name": "intruder", "protocolType": "HTTP"})

    def signed(self, key="test", secret="test", token=None, region=REGION, service=None, at=None):
        request = AWSRequest(self.method, f"http://{self.host}{self.path}", headers=dict(self.headers), data=self.body)
        signer = SigV4Auth(Credentials(key, secret, token), service or self.service, region)
        self._sign(request, signer, at)
        self.headers = dict(request.headers.items())
        return self

    def presigned(self, expires=60, at=None, key="test", secret="test"):
        self.method, self.path, self.body, self.headers = "GET", f"/?{self.body}", "", {}
        request = AWSRequest(self.method, f"http://{self.host}{self.path}")
        self._sign(request, SigV4QueryAuth(Credentials(key, secret), self.service, REGION, expires=expires), at)
        self.path = request.url.split(self.host, 1)[1]
        return self

    @staticmethod
    def _sign(request, signer, at):
        import botocore.auth as auth

        if at is None:
            return signer.add_auth(request)
        original = auth.get_current_datetime
        auth.get_current_datetime = lambda remove_tzinfo=True: original(remove_tzinfo) + at
        try:
            signer.add_auth(request)
        finally:
            auth.get_current_datetime = original

    def header(self, name, change):
        old = next((n for n in self.headers if n.lower() == name.lower()), name)
        self.headers[old] = change(self.headers.get(old, "")) if callable(change) else change
        return self

    def without(self, name):
        self.headers = {n: v for n, v in self.headers.items() if n.lower() != name.lower()}
        return self

    def send(self):
        """(status, code)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.putrequest(self.method, self.path, skip_host=True, skip_accept_encoding=True)
        if "host" not in {n.lower() for n in self.headers}:
            connection.putheader("Host", self.host)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        if "content-length" not in {n.lower() for n in self.headers}:
            connection.putheader("Content-Length", str(len(self.body)))
        connection.endheaders(self.body.encode())
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        xml = re.search(r"<Code>(.*?)</Code>", text)
        code = answer.headers.get("x-amzn-ErrorType") or (xml and xml.group(1))
        if not code and text.startswith("{"):
            code = json.loads(text).get("__type", "").split("#")[-1]
        return answer.status, code


hours = lambda n: datetime.timedelta(hours=n)
MISSING, SIGNATURE = "MissingAuthenticationToken", "InvalidSignatureException"

# name, service, what is sent, status, code (a pattern; None where the edge refuses before any service)
CASES = [
    ("unsigned", "dynamodb", lambda a: a, 400, MISSING + "Exception"),
    ("unsigned", "iam", lambda a: a, 403, MISSING),
    ("unsigned", "lambda", lambda a: a, 403, MISSING + "Exception"),
    ("unsigned", "logs", lambda a: a, 400, MISSING + "Exception"),
    ("unsigned", "apigateway", lambda a: a, 403, MISSING + "Exception"),
    ("wrong secret", "dynamodb", lambda a: a.signed(secret="wrong"), 400, SIGNATURE),
    ("wrong secret", "iam", lambda a: a.signed(secret="wrong"), 403, "SignatureDoesNotMatch"),
    ("wrong secret", "lambda", lambda a: a.signed(secret="wrong"), 403, SIGNATURE),
    ("wrong secret", "logs", lambda a: a.signed(secret="wrong"), 400, SIGNATURE),
    ("wrong secret", "apigateway", lambda a: a.signed(secret="wrong"), 403, SIGNATURE),
    ("unknown key", "dynamodb", lambda a: a.signed(key="AKIAIOSFODNN7EXAMPLE"), 400, "UnrecognizedClientException"),
    ("unknown key", "iam", lambda a: a.signed(key="AKIAIOSFODNN7EXAMPLE"), 403, "InvalidClientTokenId"),
    ("unknown key", "lambda", lambda a: a.signed(key="AKIAIOSFODNN7EXAMPLE"), 403, "UnrecognizedClientException"),
    ("unknown temporary key", "dynamodb", lambda a: a.signed(key="ASIAIOSFODNN7EXAMPLE", token="AAAA"), 400, "UnrecognizedClientException|InvalidClientTokenId"),
    ("temporary key without token", "dynamodb", lambda a: a.signed(key="ASIAIOSFODNN7EXAMPLE"), 400, "UnrecognizedClientException"),
    ("another service's scope", "dynamodb", lambda a: a.signed(service="lambda"), (400, 403, 404), ".*"),
    ("another region's scope", "iam", lambda a: a.signed(region="eu-west-1"), 403, "SignatureDoesNotMatch"),
    ("an hour old", "dynamodb", lambda a: a.signed(at=hours(-1)), 400, SIGNATURE),
    ("an hour ahead", "dynamodb", lambda a: a.signed(at=hours(1)), 400, SIGNATURE),
    ("an hour old", "iam", lambda a: a.signed(at=hours(-1)), 403, "SignatureDoesNotMatch"),
    ("six minutes old", "lambda", lambda a: a.signed(at=hours(-0.1)), 403, SIGNATURE),
    ("a week old", "logs", lambda a: a.signed(at=hours(-168)), 400, SIGNATURE),
    ("tampered body", "dynamodb", lambda a: a.signed() and setattr(a, "body", a.body.replace("intruder", "intrudes")) or a, 400, SIGNATURE),
    ("tampered body", "iam", lambda a: a.signed() and setattr(a, "body", a.body + "&Path=/x/") or a, 403, "SignatureDoesNotMatch"),
    ("tampered path", "lambda", lambda a: a.signed() and setattr(a, "path", a.path.replace("victim", "other")) or a, 403, SIGNATURE),
    ("tampered query", "apigateway", lambda a: a.signed() and setattr(a, "path", a.path + "?x=1") or a, 403, SIGNATURE),
    ("tampered method", "apigateway", lambda a: a.signed() and setattr(a, "method", "DELETE") or a, (403, 404), ".*"),
    ("tampered signed header", "dynamodb", lambda a: a.signed().header("x-amz-target", "DynamoDB_20120810.DeleteTable"), 400, SIGNATURE),
    ("unsigned x-amz header", "dynamodb", lambda a: a.signed().header("x-amz-extra", "1"), 400, SIGNATURE),
    ("no date", "dynamodb", lambda a: a.signed().without("x-amz-date"), 400, "IncompleteSignatureException"),
    ("no signature", "dynamodb", lambda a: a.signed().header("authorization", lambda v: v.split(", Signature")[0]), 400, "IncompleteSignatureException"),
    ("no credential", "iam", lambda a: a.signed().header("authorization", lambda v: re.sub(r"Credential=\S+ ", "", v)), 400, "IncompleteSignature"),
    ("host not signed", "dynamodb", lambda a: a.signed().header("authorization", lambda v: v.replace("host;", "").replace(";host", "")), 400, SIGNATURE),
    ("bearer token", "dynamodb", lambda a: a.header("authorization", "Bearer abc"), 400, ".*Exception"),
    ("basic", "iam", lambda a: a.header("authorization", "Basic dGVzdDp0ZXN0"), 400, "IncompleteSignature|MissingAuthenticationToken"),
    ("asymmetric signature", "dynamodb", lambda a: a.signed().header("authorization", lambda v: v.replace("HMAC", "ECDSA-P256")), 400, "IncompleteSignatureException"),
    ("empty signature", "dynamodb", lambda a: a.signed().header("authorization", lambda v: v[:-64]), 400, "IncompleteSignatureException"),
    ("shortened signature", "dynamodb", lambda a: a.signed().header("authorization", lambda v: v[:-1]), 400, SIGNATURE),
    ("presigned, over", "iam", lambda a: a.presigned(expires=60, at=hours(-1)), 403, "SignatureDoesNotMatch|ExpiredToken|RequestExpired"),
    ("presigned, too long", "iam", lambda a: a.presigned(expires=700_000), (400, 403), ".*"),
    ("presigned, other query", "iam", lambda a: a.presigned() and setattr(a, "path", a.path.replace("intruder", "other")) or a, 403, "SignatureDoesNotMatch"),
    ("presigned, wrong secret", "iam", lambda a: a.presigned(secret="wrong"), 403, "SignatureDoesNotMatch"),
    ("foreign host", "dynamodb", lambda a: setattr(a, "host", "evil.example") or a.signed(), 403, None),
    ("rebound host with port", "iam", lambda a: setattr(a, "host", "evil.example:4566") or a.signed(), 403, None),
    ("metadata address as host", "logs", lambda a: setattr(a, "host", "169.254.169.254") or a.signed(), 403, None),
    ("look-alike host", "logs", lambda a: setattr(a, "host", "localhost.evil.example") or a.signed(), 403, None),
    ("foreign origin", "dynamodb", lambda a: a.signed().header("origin", "https://evil.example"), 403, None),
    ("null origin", "dynamodb", lambda a: a.signed().header("origin", "null"), 403, None),
    ("foreign origin, form", "iam", lambda a: a.signed().header("origin", "http://evil.example"), 403, None),
    ("look-alike origin", "iam", lambda a: a.signed().header("origin", "http://localhost.evil.example"), 403, None),
    ("cross-site fetch", "iam", lambda a: a.signed().header("sec-fetch-site", "cross-site"), 403, None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}: {case[0]}")
def test_refused(server, case):
    name, service, spoil, status, code = case
    answered, told = spoil(Attempt(server, service)).send()
    assert answered == status or isinstance(status, tuple) and answered in status, (answered, told)
    assert code is None or re.fullmatch(code, told or ""), told


def test_nothing_was_made(server):
    assert server.client("dynamodb").list_tables()["TableNames"] == []
    assert server.client("iam").list_users()["Users"] == []
    assert server.client("apigatewayv2").get_apis()["Items"] == []
    assert server.client("logs").describe_log_groups()["logGroups"] == []


def test_the_same_attempts_succeed_when_nothing_is_spoiled(server):
    for service in ("dynamodb", "iam", "logs", "apigateway"):
        status, code = Attempt(server, service).signed().send()
        assert status in (200, 201), (service, status, code)
    assert Attempt(server, "dynamodb").signed().header("origin", "http://localhost:3000").send()[1] == "ResourceInUseException"


def raw(server, data, wait=True):
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        connection.sendall(data)
        if wait:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


GET = b"GET /_tidegate/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_host_rules(server):
    assert raw(server, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert raw(server, b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert raw(server, b"CONNECT 169.254.169.254 HTTP/1.1\r\nHost: x\r\n\r\n").split(b" ")[1] in (b"400", b"502", b"504", b"403")
    assert raw(server, b"\x00\x01\x02\x03\r\n\r\n").count(b"200") == 0
    assert raw(server, GET).startswith(b"HTTP/1.1 200")
