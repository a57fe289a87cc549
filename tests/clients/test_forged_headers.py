"""What functions say about headers and statuses never breaks out of its place in an answer.

Read from the socket byte by byte: client libraries forgive too much.
"""

import http.client
import json
import re
import socket

import pytest

from conftest import function

NODE = "exports.handler = async (event) => JSON.parse(event.body);\n"
PYTHON = "import json\n\ndef handler(event, context):\n    return json.loads(event['body'])\n"
FUNCTIONS = {"node": ({"index.js": NODE}, "index.handler", "nodejs20.x"), "python": ({"handler.py": PYTHON}, "handler.handler", "python3.11")}

# Each must not reach the client, and takes nothing else with it.
HEADERS = [
    ("X-A", "1\r\nInjected: 1"), ("X-A", "1\r\n\r\nInjected"), ("X-A", "1\nInjected: 1"), ("X-A", "1\rInjected: 1"), ("X-A", "1\0"),
    ("X-A", "\r\nInjected: 1"), ("X-A", "1\n"), ("X-A", "1\r"), ("X-A", "1\r\n Injected: folded"), ("X-A", "\x0b1"), ("X-A", "\x1b[2J"), ("X-A", "\x7f"),
    ("Location", "/x\r\nInjected: 1"), ("Location", "/x\nInjected: 1"), ("Location", "/x\r\n\r\n<script>"),
    ("Set-Cookie", "a=1\r\nInjected: 1"), ("Content-Type", "text/html\r\nInjected: 1"), ("Content-Type", "text/html\0"),
    ("X-A\r\nInjected", "1"), ("X-A: 1\r\nInjected", "1"), ("X-A\nInjected", "1"), ("X-A\r", "1"), ("X-A\0", "1"), ("\r\n\r\nInjected", "1"),
    ("", "1"), (" ", "1"), ("X A", "1"), ("X-A ", "1"), (" X-A", "1"), ("X-A:", "1"), (":status", "500"), ("X(A)", "1"), ("Xé", "1"), ("X\t", "1"),
    ("Connection", "close"), ("CONNECTION", "Injected"), ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"), ("Upgrade", "websocket"),
    ("TE", "trailers"), ("Trailer", "Injected"), ("Transfer-Encoding", "chunked"), ("transfer-encoding", "identity"), ("Transfer-Encoding", "gzip, chunked"),
    ("Content-Length", "0"), ("Content-Length", "1000"), ("content-length", "-1"), ("CONTENT-LENGTH", "1, 2"), ("Apigw-Requestid", "Injected"),
]
# Answers that are none: 500, as for every answer that API Gateway cannot use.
ANSWERS = [
    *({"statusCode": status, "body": "x"} for status in (
        0, 99, 100, 101, 199, 600, 1000, 65736, -200, 200.5, 1e300, "", "ok", " 200", "200 ", "2 00", "0x200", "200\r\nInjected: 1", "200\0", [200], {"a": 200}, True)),
    {"statusCode": 200, "headers": ["X-A: 1"]}, {"statusCode": 200, "headers": "X-A: 1\r\nInjected: 1"}, {"statusCode": 200, "headers": {"X-A": {"Injected": 1}}},
    {"statusCode": 200, "headers": {"X-A": ["1", "Injected: 1"]}}, {"statusCode": 200, "body": {"a": 1}}, {"statusCode": 200, "body": 1},
    {"statusCode": 200, "body": "\r\nInjected", "isBase64Encoded": True}, {"statusCode": 200, "isBase64Encoded": "true"}, {"statusCode": 200, "body": "\ud800"},
]
# Data that only looks dangerous; what is not ASCII goes out in UTF-8, never cut to the bytes that some servers made of it.
KEPT = [
    ("x-a", "1"), ("x-a", "a: b; c=\"d\", e"), ("x-a", "a\tb"), ("x-a", "%0d%0aInjected: 1"), ("x-a", "\\r\\nInjected: 1"), ("location", "https://example.com/?a=%0D%0AInjected:1"),
    ("x_a", "1"), ("x!#$%&'*+-.^_`|~1", "1"), ("date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("server", "mine"), ("x-a", "x" * 8000),
    ("x-a", "é"), ("x-a", "日本"), ("x-a", "\u560d\u560aInjected: 1"), ("x-a", "\u0a0d\u010d\u010aInjected: 1"), ("x-a", "\u2028Injected: 1"),
    ("location", "/x\u560d\u560aInjected: 1"),
]


class Answer:
    """What came over the wire, if it is one well-formed answer."""

    def __init__(self, received):
        head, _, self.body = received.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        self.status = int(re.fullmatch(rb"HTTP/1\.1 (\d{3}) [A-Za-z ]*", first)[1])
        assert not re.search(rb"[\r\n\0]", b"".join(lines)), received
        self.headers = [tuple(line.decode("latin-1").split(": ", 1)) for line in lines]
        assert self.all("content-length") == [str(len(self.body))], received
        assert self.all("connection") == ["close"] and not self.all("transfer-encoding"), received
        assert len(self.all("apigw-requestid")) == 1 and len(self.all("apigw-requestid")[0]) == 16, received
        assert not [name for name, _ in self.headers if name.lower() == "injected"], received

    def all(self, name):
        return [value for n, value in self.headers if n.lower() == name]

    def extra(self):
        """Names besides those that every answer has."""
        return {name.lower() for name, _ in self.headers} - {"content-type", "content-length", "date", "apigw-requestid", "connection"}


class Api:
    """Three routes to two functions: in format 2.0, and one in 1.0."""

    def __init__(self, server):
        self.server, gateway, lam = server, server.client("apigatewayv2"), server.client("lambda")
        self.id = gateway.create_api(Name="forging", ProtocolType="HTTP")["ApiId"]
        for name, (files, handler, runtime) in FUNCTIONS.items():
            function(server, name, files, handler, runtime=runtime)
            lam.add_permission(FunctionName=name, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
                               SourceArn=f"arn:aws:execute-api:us-east-1:000000000000:{self.id}/*/*")
        for route, name, version in (("node", "node", "2.0"), ("python", "python", "2.0"), ("first", "python", "1.0")):
            arn = lam.get_function_configuration(FunctionName=name)["FunctionArn"]
            made = gateway.create_integration(ApiId=self.id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion=version)
            gateway.create_route(ApiId=self.id, RouteKey=f"ANY /{route}", Target=f"integrations/{made['IntegrationId']}")
        gateway.create_stage(ApiId=self.id, StageName="$default", AutoDeploy=True)

    def path(self, route):
        return f"/_aws/execute-api/{self.id}/$default/{route}"

    def ask(self, route, answer):
        """Lets the route's function answer so."""
        wanted = json.dumps(answer).encode()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            connection.sendall(b"POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                               % (self.path(route).encode(), len(wanted), wanted))
            received = b""
            while piece := connection.recv(65536):
                received += piece
        return Answer(received)


@pytest.fixture(scope="module")
def api(server):
    return Api(server)


ROUTES = ("node", "python", "first")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name, value", HEADERS, ids=lambda text: ascii(text)[1:30])
def test_dropped(api, route, name, value):
    answer = api.ask(route, {"statusCode": 200, "headers": {"X-Before": "1", name: value, "X-Behind": "1"}, "body": "x"})
    assert (answer.status, answer.body, answer.extra()) == (200, b"x", {"x-before", "x-behind"}), answer.headers


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name, value", KEPT, ids=lambda text: ascii(text)[1:30])
def test_kept(api, route, name, value):
    answer = api.ask(route, {"statusCode": 200, "headers": {name: value}, "body": "x"})
    assert answer.status == 200 and answer.all(name) == [value.encode().decode("latin-1")], answer.headers


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("wanted", ANSWERS, ids=lambda wanted: ascii(wanted)[1:50])
def test_refused(api, route, wanted):
    answer = api.ask(route, wanted)
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})


@pytest.mark.parametrize("route", ("node", "python"))
def test_cookies(api, route):
    forged = ["a=1\r\nInjected: 1", "b=2\nInjected: 1", "c=3\0"]
    answer = api.ask(route, {"statusCode": 200, "cookies": ["first=1", *forged, "last=2; HttpOnly"], "body": "x"})
    assert answer.status == 200 and answer.all("set-cookie") == ["first=1", "last=2; HttpOnly"]
    assert api.ask(route, {"statusCode": 200, "cookies": "a=1\r\nInjected: 1"}).status == 500


def test_headers_of_many_values(api):
    """Format 1.0 has them."""
    values = ["1", "2\r\nInjected: 1", "3\n", "4"]
    answer = api.ask("first", {"statusCode": 200, "multiValueHeaders": {"X-Many": values, "Transfer-Encoding": ["chunked"], "X\r\nInjected": ["1"]}, "body": "x"})
    assert answer.status == 200 and answer.all("x-many") == ["1", "4"] and answer.extra() == {"x-many"}
    assert api.ask("first", {"statusCode": 200, "multiValueHeaders": {"X-Many": "1\r\nInjected: 1"}}).status == 500


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method, status", [("POST", 204), ("POST", 304), ("HEAD", 200), ("POST", 205)])
def test_bodies_where_there_is_none(api, route, method, status):
    """The next answer on the connection is the next request's: no body is left over that looks like one."""
    body = "HTTP/1.1 200 OK\r\nInjected: 1\r\nContent-Length: 0\r\n\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", api.server.port, timeout=30)
    for wanted in ({"statusCode": status, "body": body}, {"statusCode": 201, "body": "second"}):
        sent = method if wanted["statusCode"] == status else "POST"
        connection.request(sent, api.path(route), json.dumps(wanted), {"Host": "localhost", "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == wanted["statusCode"] and answer.headers["Injected"] is None
    assert text == b"second"
    connection.close()
