"""Requests that two programs could read in two ways, each to be followed by a hidden request.

The families are those of RFC 9112 §11.2 and RFC 9113 §8.1.1; PATH stands for a path that exists.
"""

PATH = b"@PATH"
HOST = b"Host: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def post(headers, body=b"0\r\n\r\n"):
    return b"POST @PATH HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def get(headers):
    return b"GET @PATH HTTP/1.1\r\n" + HOST + headers + b"\r\n"


def line(text):
    return text + b"\r\n" + HOST + b"\r\n"


def host(header, target=PATH, version=b"1.1"):
    return b"GET " + target + b" HTTP/" + version + b"\r\n" + header + b"\r\n"


LENGTHS = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n",
    "two equal lengths": b"Content-Length: 5\r\nContent-Length: 5\r\n",
    "nothing twice": b"Content-Length: 0\r\nX-A: a\r\ncontent-length: 0\r\n",
    "and chunked": b"Content-Length: 5\r\n" + CHUNKED,
    "behind chunked": CHUNKED + b"Content-Length: 5\r\n",
    "nothing, and chunked": b"Content-Length: 0\r\n" + CHUNKED,
    "nothing behind chunked": CHUNKED + b"Content-Length: 0\r\n",
    "a word behind chunked": CHUNKED + b"Content-Length: five\r\n",
    "LF behind it": b"Content-Length: 5\n",
    "LF before it": b"X-A: a\nContent-Length: 5\r\n",
    "behind much space": b"Content-Length:" + b" " * 200 + b"5\r\n",
    "a list of lengths": b"Content-Length: 5, 6\r\n",
    "a list of equal lengths": b"Content-Length: 5, 5\r\n",
    "plus": b"Content-Length: +5\r\n",
    "minus": b"Content-Length: -5\r\n",
    "hex": b"Content-Length: 0x5\r\n",
    "decimal point": b"Content-Length: 5.0\r\n",
    "exponent": b"Content-Length: 5e0\r\n",
    "underscore": b"Content-Length: 1_0\r\n",
    "no digits": b"Content-Length:\r\n",
    "a word": b"Content-Length: five\r\n",
    "a space inside": b"Content-Length: 1 0\r\n",
    "just above 64 bits": b"Content-Length: 18446744073709551621\r\n",
    "far above 64 bits": b"Content-Length: 99999999999999999999999\r\n",
    "full-width digit": "Content-Length: ５\r\n".encode(),
    "quotes": b'Content-Length: "5"\r\n',
    "vertical tab": b"Content-Length: \x0b5\r\n",
}
CODINGS = {
    "identity behind chunked": CHUNKED + b"Transfer-Encoding: identity\r\n",
    "identity before chunked": b"Transfer-Encoding: identity\r\n" + CHUNKED,
    "chunked twice": CHUNKED + CHUNKED,
    "chunked twice in a list": b"Transfer-Encoding: chunked, chunked\r\n",
    "unknown": b"Transfer-Encoding: xchunked\r\n",
    "gzip behind chunked": b"Transfer-Encoding: chunked, gzip\r\n",
    "gzip before chunked": b"Transfer-Encoding: gzip, chunked\r\n",
    "identity": b"Transfer-Encoding: identity\r\n",
    "quotes": b'Transfer-Encoding: "chunked"\r\n',
    "parameter": b"Transfer-Encoding: chunked;q=1\r\n",
    "vertical tab": b"Transfer-Encoding: \x0bchunked\r\n",
    "NUL": b"Transfer-Encoding: chunked\0\r\n",
    "leading comma": b"Transfer-Encoding: , chunked\r\n",
    "nothing": b"Transfer-Encoding:\r\n",
    "bare CR": b"Transfer-Encoding: chunked\rX: y\r\n",
    "LF behind it": b"Transfer-Encoding: chunked\n",
    "LF before it": b"X-A: a\nTransfer-Encoding: chunked\r\n",
    "LF inside": b"Transfer-Encoding:\n chunked\r\n",
    "trailing comma": b"Transfer-Encoding: chunked,\r\n",
    "no-break space": b"Transfer-Encoding:\xa0chunked\r\n",
    "form feed": b"Transfer-Encoding: chunked\x0c\r\n",
    "behind much space": b"Transfer-Encoding:" + b" " * 200 + b"chunked\r\n",
    "space before the colon": b"Transfer-Encoding : chunked\r\n",
    "tab before the colon": b"Transfer-Encoding\t: chunked\r\n",
    "length, and coding with a space": b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n",
    "length with a space": b"Content-Length : 5\r\n",
    "space before the name": b" Transfer-Encoding: chunked\r\n",
    "folded": b"Transfer-Encoding:\r\n chunked\r\n",
    "length in a folded line": b"X-A: 1\r\n Content-Length: 5\r\n",
}
CHUNKS = {
    "just above 64 bits": b"10000000000000005\r\nhello\r\n",
    "far above 64 bits": b"fffffffffffffffffffffff5\r\nhello\r\n",
    "minus": b"-5\r\nhello\r\n",
    "plus": b"+5\r\nhello\r\n",
    "0x": b"0x5\r\nhello\r\n",
    "underscore": b"0_5\r\nhello\r\n",
    "no size": b"\r\nhello\r\n",
    "letters": b"xyz\r\nhello\r\n",
    "space before the size": b" 5\r\nhello\r\n",
    "space behind the size": b"5 \r\nhello\r\n",
    "tab behind the size": b"5\t\r\nhello\r\n",
    "space before an extension": b"5 ;a=b\r\nhello\r\n",
    "NUL behind the size": b"5\0\r\nhello\r\n",
    "vertical tab behind the size": b"5\x0b\r\nhello\r\n",
    "ESC before the size": b"\x1b5\r\nhello\r\n",
    "comma behind the size": b"5,a\r\nhello\r\n",
    "zeros before the size": b"0" * 40 + b"5\r\nhello\r\n",
    "full-width digit": "５\r\nhello\r\n".encode(),
    "decimal point": b"5.0\r\nhello\r\n",
    "quotes": b'"5"\r\nhello\r\n',
    "LF behind the size": b"5\nhello\r\n",
    "CR behind the size": b"5\rhello\r\n",
    "LF in an extension": b"5;a=b\nhello\r\n",
    "CR in an extension": b"5;a\rb\r\nhello\r\n",
    "quoted CR in an extension": b'5;a="\r"\r\nhello\r\n',
    "quoted line in an extension": b'5;a="\r\n"\r\nhello\r\n',
    "NUL in an extension": b"5;a\0b\r\nhello\r\n",
    "eight bits in an extension": b"5;a=\xe9\r\nhello\r\n",
    "LF in an extension of the last chunk": b"0;a=b\n\r\n",
    "endless extension": b"5;" + b"a" * 20_000 + b"\r\nhello\r\n",
    "more data than its size": b"5\r\nhelloworld\r\n",
    "LF behind the data": b"5\r\nhello\n",
    "CR behind the data": b"5\r\nhello\r",
    "nothing behind the data": b"5\r\nhello",
    "less data than its size": b"6\r\nhello\r\n",
    "LF behind the last chunk": b"0\n\r\n",
    "LF for the end": b"0\r\n\n",
    "CR for the end": b"0\r\n\r\r\n",
    "endless trailers": b"0\r\n" + b"X: y\r\n" * 30_000,
    "LF behind a trailer": b"0\r\nX: y\n\r\n",
    "LFs for the trailers' end": b"0\r\nX: y\n\n",
    "CR in a trailer": b"0\r\nX: a\rb\r\n\r\n",
    "NUL in a trailer": b"0\r\nX: a\0b\r\n\r\n",
    "NUL in a trailer's name": b"0\r\nX\0: a\r\n\r\n",
    "space before a trailer's colon": b"0\r\nX : a\r\n\r\n",
    "folded trailer": b"0\r\nX: a\r\n b\r\n\r\n",
    "space before the first trailer": b"0\r\n X: a\r\n\r\n",
    "no colon in a trailer": b"0\r\nnothing\r\n\r\n",
    "length in the trailers": b"0\r\nContent-Length: 5\r\n\r\n",
    "coding in the trailers": b"0\r\nX: y\r\ntransfer-encoding: chunked\r\n\r\n",
}
HEADS = {
    "NUL in a value": get(b"X-A: a\0b\r\n"),
    "NUL in a name": get(b"X\0A: a\r\n"),
    "bare CR in a value": get(b"X-A: a\rContent-Length: 5\r\n"),
    "DEL in a value": get(b"X-A: a\x7f\r\n"),
    "CR CR LF": b"GET @PATH HTTP/1.1\r\nHost: localhost\r\r\n\r\n",
    "folded with a space": get(b"X-A: a\r\n b\r\n"),
    "folded with a tab": get(b"X-A: a\r\n\tb\r\n"),
    "space in a name": get(b"X A: a\r\n"),
    "no colon": get(b"Nothing\r\n"),
    "no name": get(b": a\r\n"),
    "parentheses in a name": get(b"X(A): a\r\n"),
    "eight bits in a name": get(b"X\xe9: a\r\n"),
    "space before the first header": b"GET @PATH HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n",
    "tab before the first header": b"GET @PATH HTTP/1.1\r\n\tX: y\r\nHost: localhost\r\n\r\n",
    "a line of space": get(b" \r\n"),
    "NUL before a name": get(b"\0X: a\r\n"),
    "vertical tab in a value": get(b"X-A: a\x0bb\r\n"),
    "ESC in a value": get(b"X-A: \x1b[0m\r\n"),
    "LF behind a header": get(b"X-A: a\n"),
    "LF behind the last header": b"GET @PATH HTTP/1.1\r\nHost: localhost\n\r\n",
    "LF for the end": b"GET @PATH HTTP/1.1\r\nHost: localhost\r\n\n",
    "LF behind the last header and for the end": b"GET @PATH HTTP/1.1\r\nHost: localhost\n\n",
    "LF for all CRLFs": get(b"X-A: a\r\n").replace(b"\r\n", b"\n"),
    "LF CR": b"GET @PATH HTTP/1.1\n\rHost: localhost\n\r\n\r",
    "CR for all CRLFs": get(b"X-A: a\r\n").replace(b"\r\n", b"\r"),
}
HOSTS = {
    "two": host(b"Host: localhost\r\nHost: localhost\r\n"),
    "two different ones": host(b"Host: localhost\r\nHost: evil.example\r\n"),
    "none": host(b""),
    "none, absolute form": host(b"", b"http://localhost@PATH"),
    "empty": host(b"Host:\r\n"),
    "list": host(b"Host: localhost, evil.example\r\n"),
    "user": host(b"Host: evil.example@localhost\r\n"),
    "name as user": host(b"Host: localhost@evil.example\r\n"),
    "path": host(b"Host: localhost/evil\r\n"),
    "port in words": host(b"Host: localhost:evil\r\n"),
    "two ports": host(b"Host: localhost:80:80\r\n"),
    "space": host(b"Host: local host\r\n"),
    "space before the colon": host(b"Host : localhost\r\n"),
    "eight bits": host(b"Host: localhost\xff\r\n"),
    "open bracket": host(b"Host: [::1\r\n"),
    "name behind brackets": host(b"Host: [::1]evil.example\r\n"),
    "another one in the target": host(b"Host: localhost\r\n", b"http://evil.example@PATH"),
    "ours in the target": host(b"Host: evil.example\r\n", b"http://localhost@PATH"),
    "user in the target": host(b"Host: localhost\r\n", b"http://localhost:80@evil.example@PATH"),
    "another scheme in the target": host(b"Host: localhost\r\n", b"ftp://localhost@PATH"),
    "none, HTTP/1.0": host(b"", version=b"1.0"),
}
LINES = {
    "HTTP/1.0 with chunked": b"POST @PATH HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n",
    "HTTP/1.0 kept alive with chunked": b"POST @PATH HTTP/1.0\r\n" + HOST + CHUNKED + b"Connection: keep-alive\r\n\r\n0\r\n\r\n",
    "HTTP/0.9": b"GET @PATH\r\n",
    "HTTP/1.2": line(b"GET @PATH HTTP/1.2"),
    "HTTP/2.0": line(b"GET @PATH HTTP/2.0"),
    "HTTP/1.10": line(b"GET @PATH HTTP/1.10"),
    "HTTP/+1.1": line(b"GET @PATH HTTP/+1.1"),
    "version in lower case": line(b"GET @PATH http/1.1"),
    "no version": line(b"GET @PATH "),
    "bracket in the method": line(b"G<ET @PATH HTTP/1.1"),
    "NUL in the method": line(b"G\0ET @PATH HTTP/1.1"),
    "eight bits in the method": line("GÉT @PATH HTTP/1.1".encode()),
    "colon in the method": line(b"GET: @PATH HTTP/1.1"),
    "no method": line(b" @PATH HTTP/1.1"),
    "spaces before the method": line(b"   GET @PATH HTTP/1.1"),
    "space in the target": line(b"GET @PATH x HTTP/1.1"),
    "tab in the target": line(b"GET @PATH\tx HTTP/1.1"),
    "NUL in the target": line(b"GET @PATH\0x HTTP/1.1"),
    "CR in the target": line(b"GET @PATH\rx HTTP/1.1"),
    "LF in the target": line(b"GET @PATH\nx HTTP/1.1"),
    "ESC in the target": line(b"GET @PATH\x1bx HTTP/1.1"),
    "DEL in the target": line(b"GET @PATH\x7fx HTTP/1.1"),
    "no slash in the target": line(b"GET hidden HTTP/1.1"),
    "two empty lines before it": b"\r\n\r\n" + get(b""),
    "LF before it": b"\n" + get(b""),
    "CR before it": b"\r" + get(b""),
    "space before an empty line": b" \r\n" + get(b""),
    "LF behind it": b"GET @PATH HTTP/1.1\n" + HOST + b"\r\n",
    "HTTP/1.1 in mixed case": line(b"GET @PATH Http/1.1"),
    "HTTP/01.1": line(b"GET @PATH HTTP/01.1"),
    "HTTP/1,1": line(b"GET @PATH HTTP/1,1"),
    "HTTP/1": line(b"GET @PATH HTTP/1"),
    "HTTP/1.1.1": line(b"GET @PATH HTTP/1.1.1"),
    "HTTP/3.0": line(b"GET @PATH HTTP/3.0"),
    "another protocol": line(b"GET @PATH XTTP/1.1"),
    "CONNECT with a length": b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello",
    "CONNECT in chunks": b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n",
    "CONNECT without a host": b"CONNECT @PATH HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces": line(b"GET  @PATH HTTP/1.1"),
    "tabs for spaces": line(b"GET\t@PATH\tHTTP/1.1"),
    "space behind the version": line(b"GET @PATH HTTP/1.1 "),
    "CR CR LF": line(b"GET @PATH HTTP/1.1\r"),
    "the preface of HTTP/2, but for its end": b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
}
FAMILIES = {
    "length": {name: post(headers) for name, headers in LENGTHS.items()},
    "coding": {name: post(headers) for name, headers in CODINGS.items()},
    "chunk": {name: post(CHUNKED, body + b"0\r\n\r\n") for name, body in CHUNKS.items()},
    "head": HEADS,
    "host": HOSTS,
    "line": LINES,
}
# What must be refused, whatever follows.
REFUSED = {f"{family}: {name}": request for family, cases in FAMILIES.items() for name, request in cases.items()}


def one_reading(hidden):
    """What RFC 9112 lets a server read, in one way only: the hidden request is a part of the body, or behind the end."""
    length, size = b"Content-Length: %d\r\n" % len(hidden), b"%x" % len(hidden)
    return {
        "an empty line before the request (§2.2)": b"\r\n" + post(length, hidden),
        "zeros before the length (§6.2)": post(b"Content-Length:\t00%d \r\n" % len(hidden), hidden),
        "chunked in upper case (§7)": post(CHUNKED.upper(), size + b"\r\n" + hidden + b"\r\n0\r\n\r\n"),
        "chunk size in upper case behind zeros (§7.1)": post(CHUNKED, b"00" + size.upper() + b"\r\n" + hidden + b"\r\n000\r\n\r\n"),
        "chunk with extensions (§7.1.1)": post(CHUNKED, size + b';a="b c";d\r\n' + hidden + b"\r\n0;e\r\n\r\n"),
        "request in trailers (§7.1.2)": post(CHUNKED, b"0\r\nX: " + hidden.partition(b"\r")[0] + b"\r\n\r\n"),
        "Content_Length (another header)": post(b"Content_Length: 0\r\n" + length, hidden),
        "h2c (RFC 9113 §3.1)": get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n" + length) + hidden,
    }


SOUND = [(":method", "POST"), (":scheme", "http"), (":authority", "localhost"), (":path", "@PATH")]


def but(name, value):
    return [(n, value if n == name else v) for n, v in SOUND]


def without(name):
    return [pair for pair in SOUND if pair[0] != name]


# name: headers of an HTTP/2 request, and its body
STREAMS = {
    "transfer-encoding": ([*SOUND, ("transfer-encoding", "chunked")], b"0\r\n\r\n"),
    "connection": ([*SOUND, ("connection", "close")], b""),
    "keep-alive": ([*SOUND, ("keep-alive", "5")], b""),
    "upgrade": ([*SOUND, ("upgrade", "h2c")], b""),
    "te": ([*SOUND, ("te", "gzip")], b""),
    "upper case": ([*SOUND, ("X-A", "a")], b""),
    "CRLF in a value": ([*SOUND, ("x-a", "a\r\ncontent-length: 5")], b""),
    "LF in a value": ([*SOUND, ("x-a", "a\nb")], b""),
    "NUL in a value": ([*SOUND, ("x-a", "a\0b")], b""),
    "CRLF in a name": ([*SOUND, ("x-a: b\r\nx-c", "d")], b""),
    "colon in a name": ([*SOUND, ("x:a", "b")], b""),
    "space in a name": ([*SOUND, ("x a", "b")], b""),
    "no name": ([*SOUND, ("", "b")], b""),
    "less body than its length": ([*SOUND, ("content-length", "50")], b"hello"),
    "more body than its length": ([*SOUND, ("content-length", "1")], b"hello"),
    "two lengths": ([*SOUND, ("content-length", "5"), ("content-length", "6")], b"hello"),
    "plus": ([*SOUND, ("content-length", "+5")], b"hello"),
    "no method": (without(":method"), b""),
    "no path": (without(":path"), b""),
    "empty path": (but(":path", ""), b""),
    "no scheme": (without(":scheme"), b""),
    "no authority": (without(":authority"), b""),
    "two paths": ([*SOUND, (":path", "@PATH")], b""),
    "CRLF in the path": (but(":path", "@PATH HTTP/1.1\r\nx: y"), b""),
    "space in the path": (but(":path", "@PATH x"), b""),
    "space in the method": (but(":method", "GET /"), b""),
    "user in the authority": (but(":authority", "evil.example@localhost"), b""),
    "another host": ([*SOUND, ("host", "evil.example")], b""),
    "two hosts": ([*SOUND, ("host", "localhost"), ("host", "localhost")], b""),
    "a response's header": ([*SOUND, (":status", "200")], b""),
    "unknown pseudo-header": ([*SOUND, (":x", "y")], b""),
    "pseudo-header behind others": ([("x-a", "b"), *SOUND], b""),
}
