"""Clients that send their request one byte every few seconds: `slow_clients.py PORT COUNT`.

Prints `open` once all are connected, and as JSON how many the server let go, and when the first and the last of them.
A process of its own, so that it takes no time from the one that measures.
"""

import json
import resource
import selectors
import socket
import sys
import time

EVERY_S, PATIENCE_S = 5, 25
REQUESTS = [b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"]


class Slow:
    """One of them; the first byte goes with the connection."""

    def __init__(self, port, request):
        self.socket, self.request, self.sent = socket.create_connection(("127.0.0.1", port), timeout=10), request, 0
        self.began = time.monotonic()
        self.send()

    def send(self):
        self.socket.send(self.request[self.sent:self.sent + 1])
        self.sent += 1


def connect(port, count):
    clients, selector = [], selectors.DefaultSelector()
    for n in range(count):
        client = Slow(port, REQUESTS[n % len(REQUESTS)])
        client.socket.setblocking(False)
        selector.register(client.socket, selectors.EVENT_READ, client)
        clients.append(client)
    return clients, selector


def ended(client):
    """Whether the server has let it go; bytes that it sends before do not count."""
    try:
        return not client.socket.recv(4096)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def main(port, count):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clients, selector = connect(port, count)
    print("open", flush=True)
    began, lasted = time.monotonic(), []
    while len(lasted) < count and time.monotonic() - began < PATIENCE_S:
        for key, _ in selector.select(0.1):
            if ended(key.data):
                selector.unregister(key.fileobj)
                lasted.append(time.monotonic() - key.data.began)
                key.data.sent = None
        now = time.monotonic()
        for client in clients:
            if client.sent and now >= client.began + EVERY_S * client.sent:
                try:
                    client.send()
                except ConnectionError:
                    pass  # the selector tells
    lasted.sort()
    print(json.dumps({"ended": len(lasted), "first_s": round(lasted[0], 2) if lasted else None, "last_s": round(lasted[-1], 2) if lasted else None}))


main(int(sys.argv[1]), int(sys.argv[2]))
