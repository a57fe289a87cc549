"""No request hides in another one: what can be read in two ways is answered with 400, and its connection ends.

A function's log is the proof: it has a line for each request that reached it, and none for a hidden one.
"""

import re
import socket
import ssl

import pytest

from conftest import eventually, function
from request_vectors import PATH, REFUSED, SOUND, STREAMS, one_reading

STATUS = re.compile(rb"HTTP/1\.\d (\d{3})")
HIDDEN = b"GET @PATHhidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
HANDLER = "def handler(event, context):\n    print('reached by', event['rawPath'])\n    return {'statusCode': 200, 'body': 'done'}\n"
ANYONE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANYONE.check_hostname, ANYONE.verify_mode = False, ssl.CERT_NONE


class Target:
    """An API whose function notes each request."""

    def __init__(self, server):
        self.server = server
        function(server, "noting", {"handler.py": HANDLER}, "handler.handler")
        arn = server.client("lambda").get_function_configuration(FunctionName="noting")["FunctionArn"]
        api = server.client("apigatewayv2").create_api(Name="noting", ProtocolType="HTTP", Target=arn)["ApiId"]
        server.client("lambda").add_permission(
            FunctionName="noting", StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:000000000000:{api}/*/*")
        self.path = f"/_aws/execute-api/{api}/$default/".encode()

    def connect(self, way="plain", seconds=15):
        """A connection: plain, with TLS, through a tunnel to the server itself, or with TLS in such a tunnel."""
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=seconds)
        if "tunnel" in way:
            port = 443 if "TLS" in way else 80
            connection.sendall(b"CONNECT sts.amazonaws.com:%d HTTP/1.1\r\nHost: sts.amazonaws.com\r\n\r\n" % port)
            while b"\r\n\r\n" not in connection.recv(4096):
                pass
        if "TLS" in way:
            connection = ANYONE.wrap_socket(connection, server_hostname="localhost")
        return connection

    def exchange(self, request, finish=False, way="plain"):
        """(answer, whether the server ended the connection)"""
        with self.connect(way) as connection:
            connection.sendall(request.replace(PATH, self.path))
            if finish:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except TimeoutError:
                return answer, False
            return answer, True

    def reached(self):
        """The paths that the function was called for."""
        pages = self.server.client("logs").get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/noting", filterPattern='"reached by"')
        return [event["message"].split()[-1] for page in pages for event in page["events"]]


@pytest.fixture(scope="module")
def target(server):
    return Target(server)


def test_a_sound_request_arrives_and_so_does_one_behind_it(target):
    sound = b"POST @PATHfirst HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    answer, _ = target.exchange(sound + HIDDEN.replace(b"hidden", b"second"), finish=True)
    assert STATUS.findall(answer) == [b"200", b"200"], answer
    assert eventually(lambda: set(target.reached()) == {"/first", "/second"}), target.reached()


@pytest.mark.parametrize("name", REFUSED)
def test_refused(target, name):
    answer, ended = target.exchange(REFUSED[name] + HIDDEN)
    assert ended, f"the connection goes on after {answer}"
    assert STATUS.findall(answer) == [b"400"], answer


@pytest.mark.parametrize("name", ["head: LF for all CRLFs", "length: behind chunked", "chunk: space behind the size"])
def test_refused_behind_a_sound_request(target, name):
    answer, ended = target.exchange(HIDDEN.replace(b"hidden", b"first") + REFUSED[name] + HIDDEN)
    assert ended and STATUS.findall(answer) == [b"200", b"400"], answer


def test_who_sends_on_sees_the_answer(target):
    """A socket that is closed with unread bytes is reset, and the answer lost."""
    answer, ended = target.exchange(REFUSED["head: LF behind a header"] + b"x" * 500_000)
    assert ended and STATUS.findall(answer) == [b"400"], answer


@pytest.mark.parametrize("way", ["TLS", "a tunnel", "TLS in a tunnel"])
def test_refused_on_every_way_in(target, way):
    answer, _ = target.exchange(HIDDEN.replace(b"hidden", b"first").replace(b"Host", b"Connection: close\r\nHost"), way=way)
    assert STATUS.findall(answer) == [b"200"], answer
    for name in REFUSED:
        answer, ended = target.exchange(REFUSED[name] + HIDDEN, way=way)
        assert ended and STATUS.findall(answer) == [b"400"], (name, answer)


def test_nothing_runs_behind_a_refused_tunnel(target):
    answer, ended = target.exchange(b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n" + HIDDEN)
    assert ended and len(STATUS.findall(answer)) == 1, answer


@pytest.mark.parametrize("name", one_reading(b""))
def test_read_in_one_way(target, name):
    request = one_reading(HIDDEN.replace(PATH, target.path))[name]
    answer, ended = target.exchange(request, finish=True)
    assert ended and STATUS.findall(answer) == [b"200"], answer


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def literal(text):
    """A text of less than 127 bytes, as HPACK has it without compression (RFC 7541 §5.2)."""
    return bytes([len(text)]) + text


def streamed(path, headers, body):
    """An HTTP/2 connection with one request, by prior knowledge (RFC 9113 §3.3)."""
    texts = [[text.replace("@PATH", path.decode()).encode("latin-1") for text in pair] for pair in headers]
    block = b"".join(b"\0" + literal(name) + literal(value) for name, value in texts)
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4, 1, block) + frame(0, 1, 1, body)


def frames(received):
    while len(received) >= 9:
        end = 9 + int.from_bytes(received[:3], "big")
        yield received[3], received[9:end]
        received = received[end:]


def stream_answer(target, headers, body):
    """What becomes of the request: "200", "400", "reset" or nothing. HPACK's static table has 200 and 400 at 8 and 12."""
    with socket.create_connection(("127.0.0.1", target.server.port), timeout=15) as connection:
        connection.sendall(streamed(target.path, headers, body))
        received = b""
        while piece := connection.recv(65536):
            received += piece
            for kind, payload in frames(received):
                if kind == 1:
                    return {0x88: "200", 0x8C: "400"}.get(payload[0], payload[:20])
                if kind in (3, 7):
                    return "reset"
        return "reset"


def test_a_sound_stream_arrives(target):
    assert stream_answer(target, SOUND, b"hello") == "200"


@pytest.mark.parametrize("name", STREAMS)
def test_streams_refused(target, name):
    assert stream_answer(target, *STREAMS[name]) in ("400", "reset")


def test_none_of_the_hidden_ones_ran(target):
    target.exchange(HIDDEN.replace(b"hidden", b"last"), finish=True)
    assert eventually(lambda: "/last" in target.reached())
    assert not [path for path in target.reached() if "hidden" in path]
