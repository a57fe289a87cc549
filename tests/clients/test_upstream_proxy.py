"""Behind a company's proxy: tools inside `tidegate exec` reach other hosts through it, and AWS' names never do."""

import base64
import http.server
import json
import os
import socket
import threading

import pytest

from conftest import Server

VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]


class Listener:
    """Answers one request a connection: a proxy and an origin at once, which notes what it was asked."""

    def __init__(self, password=None):
        self.seen, self.password = [], password
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                owner.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
                expected = "Basic " + base64.b64encode(owner.password.encode()).decode() if owner.password else None
                if self.headers.get("proxy-authorization") != expected:
                    self.send_error(407)
                elif self.command == "CONNECT":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"early ")
                    self.wfile.write(self.rfile.readline())
                else:
                    body = self.rfile.read(int(self.headers.get("content-length") or 0)) or b"x" * 300_000
                    self.send_response(203)
                    self.send_header("content-length", str(len(body)))
                    self.send_header("x-end", "to end")
                    self.send_header("connection", "close, x-hop")
                    self.send_header("x-hop", "1")
                    self.end_headers()
                    self.wfile.write(body)

            do_GET = do_POST = do_CONNECT = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def own_address():
    """An address of this machine that is not loopback's; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


@pytest.fixture()
def behind(monkeypatch):
    """A server that was started with these variables."""
    servers = []

    def start(**variables):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        servers.append(Server())
        return servers[-1]

    yield start
    for server in servers:
        server.remove()


def tunnel(server, authority):
    """The status line of a CONNECT, and what comes back through the tunnel."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as stream:
        stream.sendall(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\nhello\n".encode())
        said = b""
        while not said.endswith(b"hello\n"):
            more = stream.recv(4096)
            if not more:
                break
            said += more
    head, _, rest = said.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0].decode(), rest.decode()


def test_tunnels_and_requests_go_through_the_proxy(behind):
    proxy = Listener(password="me:p@ss")
    url = f"http://me:p%40ss@127.0.0.1:{proxy.port}"
    server = behind(HTTPS_PROXY=url, http_proxy=url)
    status, said = tunnel(server, "registry.example:8443")
    assert (status, said) == ("HTTP/1.1 200 Connection established", "early hello\n")
    assert proxy.seen[-1][:2] == ("CONNECT", "registry.example:8443")
    status, headers, body = server.curl("http://registry.example/a?b=1")
    assert (status, len(body), headers["x-end"]) == (203, 300_000, ["to end"]) and "x-hop" not in headers
    assert proxy.seen[-1][:2] == ("GET", "http://registry.example/a?b=1")
    status, _, body = server.curl("http://registry.example/", "-d", "sent")
    assert (status, body) == (203, "sent")
    # AWS' names end in Tidegate
    before = len(proxy.seen)
    assert server.aws("sts", "get-caller-identity")["Account"] == "000000000000"
    assert server.curl("https://nothing00.execute-api.us-east-1.amazonaws.com/")[0] == 404
    assert server.curl("http://sts.us-east-1.amazonaws.com/")[0] != 203
    assert len(proxy.seen) == before
    assert json.loads(server.tidegate("status", "--json").stdout)["proxy"] == f"127.0.0.1:{proxy.port}"


def test_refusals_are_told(behind):
    proxy = Listener(password="me:other")
    server = behind(HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", HTTP_PROXY="socks5://127.0.0.1:1")
    assert any("HTTP_PROXY is not used: it names a proxy of the kind socks5" in line for line in server.lines)
    status, said = tunnel(server, "registry.example:443")
    assert "407" in status and "407" in said, "Go's clients show the reason phrase, others the body"
    assert status.startswith("HTTP/1.1 502 registry.example:443 cannot be reached: the proxy 127.0.0.1:")
    # what clouds give a machine's own keys to is asked for by nobody, through no proxy
    before = len(proxy.seen)
    assert tunnel(server, "169.254.169.254:80")[0].startswith("HTTP/1.1 502")
    assert server.curl("http://169.254.169.254/latest/meta-data/")[0] == 502
    assert len(proxy.seen) == before


def test_exceptions_are_reached_directly(behind):
    address = own_address()
    if address is None:
        pytest.skip("this machine has loopback addresses only")
    proxy, origin = Listener(), Listener()
    server = behind(HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", HTTP_PROXY=f"http://127.0.0.1:{proxy.port}", no_proxy=f"x.example,{address}/32")
    status, _, body = server.curl(f"http://{address}:{origin.port}/path?q", "-H", "proxy-connection: keep-alive")
    assert (status, len(body)) == (203, 300_000)
    command, path, headers = origin.seen[-1]
    assert (command, path, headers["host"]) == ("GET", "/path?q", f"{address}:{origin.port}")
    assert "proxy-connection" not in headers
    assert tunnel(server, f"{address}:{origin.port}")[0] == "HTTP/1.1 200 Connection established"
    assert proxy.seen == []


def test_a_proxy_that_only_the_command_knows(behind, monkeypatch):
    """The server makes the connections, so it has to be started with the proxy; the command is told."""
    server = behind()
    assert server.run("true", check=False) == (0, "")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    status, said = server.run("true", check=False)
    assert status == 0 and "the proxy proxy.example:3128 is not used: the server was started without it" in said and "secret" not in said


def test_a_proxy_that_is_not_there(behind):
    server = behind(HTTPS_PROXY="http://127.0.0.1:1")
    status, said = tunnel(server, "registry.example:443")
    assert status.startswith("HTTP/1.1 502 ") and "the proxy 127.0.0.1:1 cannot be reached" in said
