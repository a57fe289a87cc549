"""Functions that try to get out, or to take the machine down; each attempt must fail, and the server must live on.

All of it is tried with a server as the tests' own user, and, if that is root, with one that is an ordinary user and with one
that has no control groups.
"""

import atexit
import functools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

from conftest import BINARY, NotStarted, Server, eventually, function, invoke

# Each probe is Python source whose last expression is what it could get; an exception is the refusal.
READS = {
    "shadow": "open('/etc/shadow').read()",
    "home": "os.listdir('/root')",
    "homes": "[f for f in os.listdir('/home') if f]",
    "aws keys": "open(os.path.expanduser('~root/.aws/credentials')).read()",
    "data folder": "os.listdir({data!r})",
    "ca key": "open({data!r} + '/ca.key').read()",
    "server binary": "open({binary!r}, 'rb').read(4)",
    "docker socket": "os.stat('/var/run/docker.sock')",
    "server's environment": "open('/proc/{pid}/environ').read()",
    "server's memory": "open('/proc/{pid}/mem', 'rb')",
    "kernel core": "open('/proc/kcore', 'rb').read(1)",
    "kernel keys": "open('/proc/keys').read()",
    "kernel messages": "open('/dev/kmsg').read(1)",
    "disk": "open('/dev/vda', 'rb').read(1)",
    "sys": "os.listdir('/sys/kernel')",
    "cgroups": "os.listdir('/sys/fs/cgroup')",
    "other processes": "[p for p in os.listdir('/proc') if p.isdigit() and int(p) > 4000]",
    "init's memory": "open('/proc/1/mem', 'rb').read(1)",
    "init's root": "os.listdir('/proc/1/root/root')",
    "init's folder": "os.listdir('/proc/1/cwd')",
    "init's descriptors": "os.listdir('/proc/1/fd')",
    "init's network": "os.readlink('/proc/1/ns/net')",
    "init's environment": "open('/proc/1/environ').read()",
}
WRITES = {
    "task": "open('/var/task/x', 'w').write('x')",
    "opt": "open('/opt/x', 'w').write('x')",
    "usr": "open('/usr/x', 'w').write('x')",
    "root": "open('/x', 'w').write('x')",
    "etc": "open('/etc/passwd', 'a').write('x')",
    "proc/sys": "open('/proc/sys/kernel/hostname', 'w').write('x')",
    "sysrq": "open('/proc/sysrq-trigger', 'w').write('h')",
    "core pattern": "open('/proc/sys/kernel/core_pattern', 'w').write('|/x')",
    "runtime": "open('/var/runtime/x', 'w').write('x')",
    "interpreter": "open('/var/lang/x', 'w').write('x')",
}
CALL = "ctypes.CDLL(None, use_errno=True)"
SYSCALLS = {  # x86-64 numbers; each must give -1
    "mount": "(165, b'none', b'/tmp', b'tmpfs', 0, None)", "umount": "(166, b'/tmp', 0)", "pivot_root": "(155, b'/tmp', b'/tmp')",
    "unshare user": "(272, 0x10000000)", "unshare mount": "(272, 0x20000)", "setns": "(308, 0, 0)",
    "ptrace": "(101, 16, 1, 0, 0)", "process_vm_readv": "(310, 1, 0, 0, 0, 0, 0)", "pidfd_getfd": "(438, 0, 0, 0)",
    "bpf": "(321, 0, 0, 0)", "perf_event_open": "(298, 0, 0, -1, -1, 0)", "userfaultfd": "(323, 0)", "io_uring_setup": "(425, 1, 0)",
    "keyctl": "(250, 0, 0)", "add_key": "(248, b'user', b'x', b'x', 1, -2)", "kexec_load": "(246, 0, 0, 0, 0)", "init_module": "(175, 0, 0, b'')",
    "delete_module": "(176, b'x', 0)", "open_by_handle_at": "(304, -100, 0, 0)", "personality": "(135, 0x0040000)",
    "reboot": "(169, 0xfee1dead, 672274793, 0x1234567, 0)", "swapon": "(167, b'/tmp/x', 0)", "sethostname": "(170, b'x', 1)",
    "settimeofday": "(164, 0, 0)", "chroot": "(161, b'/tmp')", "mknod": "(133, b'/tmp/d', 0o60600, 0)", "iopl": "(172, 3)", "acct": "(163, 0)",
    "quotactl": "(179, 0, 0, 0, 0)", "clone user": "(56, 0x10000011, 0, 0, 0, 0)", "setuid root": "(105, 0)",
}
NETWORK = {
    "metadata": "connect('169.254.169.254', 80)", "metadata v6": "connect('fd00:ec2::254', 80, socket.AF_INET6)",
    "metadata of tasks": "connect('169.254.170.2', 80)", "link-local": "connect('169.254.1.1', 80)",
    "link-local v6": "connect('fe80::1', 80, socket.AF_INET6)", "link-local v6 with scope": "connect('fe80::1%lo', 80, socket.AF_INET6)",
    "host's loopback": "connect('127.0.0.1', {other})", "another loopback": "connect('127.0.0.2', {other})",
    "host's loopback v6": "connect('::1', {other}, socket.AF_INET6)", "mapped loopback": "connect('::ffff:127.0.0.1', {other}, socket.AF_INET6)",
    "any address": "connect('0.0.0.0', {other})", "host's own address": "connect({address!r}, {other})",
    "the server's port": "connect({address!r}, {port})", "by number": "connect('2130706433', {other})",
    "private": "connect('10.0.0.1', 80)", "private, too": "connect('192.168.1.1', 80)", "carrier": "connect('100.64.0.1', 80)",
    "multicast": "datagram('224.0.0.251', 5353)", "broadcast": "datagram('255.255.255.255', 9)", "datagram outside": "datagram('1.1.1.1', 53)",
    "datagram to metadata": "datagram('169.254.169.254', 123)", "datagram to the host": "datagram({address!r}, {other})",
    "datagram to private": "datagram('10.0.0.2', 53)",
    "another sandbox": "connect('127.0.0.1', 7007)", "another sandbox's name": "abstract('tidegate-neighbor')",
    "fast open": "socket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', {other}))",
    "raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "raw socket v6": "socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)",
    "raw anything": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)", "packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "ping socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)",
    "hypervisor": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)", "crypto": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "netlink audit": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9).send(b'x' * 16)",
    "netlink firewall": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)",
    "new route": "route()", "other interfaces": "[name for _, name in socket.if_nameindex() if name != 'lo']",
    "low port": "socket.socket().bind(('0.0.0.0', 80))", "low datagram port": "socket.socket(type=socket.SOCK_DGRAM).bind(('0.0.0.0', 54))",
    "the endpoint's port": "socket.socket().bind(('127.0.0.1', 4566))",
    "abstract socket": "abstract({name!r})", "abstract datagram": "abstract({name!r} + '-d', socket.SOCK_DGRAM)",
    "docker's socket": "unix('/var/run/docker.sock')", "system bus": "unix('/run/dbus/system_bus_socket')",
    "kill the server": "os.kill({pid}, 9)", "signal all": "os.kill({pid}, 0)",
}
PROBER = '''
import ctypes, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
def connect(host, port, family=socket.AF_INET):
    s = socket.socket(family); s.settimeout(2); s.connect((host, port)); return 'connected'
def datagram(host, port):
    s = socket.socket(type=socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1); return s.sendto(b'x', (host, port))
def unix(path, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_UNIX, kind); s.settimeout(2); s.connect(path); return 'connected'
def abstract(name, kind=socket.SOCK_STREAM):
    return unix(b"\\0" + name.encode(), kind)
def route():
    # RTM_NEWROUTE to 10/8 by way of loopback, and the kernel's answer
    message = struct.pack('=IHHII8BIHHI', 44, 24, 0x505, 1, 0, 2, 8, 0, 0, 254, 3, 253, 1, 0, 8, 1, 10) + struct.pack('=HHI', 8, 4, 1)
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); s.send(message)
    errno = struct.unpack_from('=i', s.recv(4096), 16)[0]
    if errno: raise OSError(-errno, 'netlink')
    return 'added'
def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return 'done'
def handler(event, context):
    found = {}
    for name, source in event['probes'].items():
        try:
            got = eval(source, globals())
            found[name] = repr(got)[:200] if got not in ([], '', None) else None
        except BaseException as error:
            found[name] = None if isinstance(error, (OSError, PermissionError)) else 'ERROR ' + repr(error)
    return found
'''


SDKS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tidegate/sdk"
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
# An ordinary user of a namespace in which no further ones can be made; the limit of the machine itself is left alone.
NO_NAMESPACES = (
    *AS_NOBODY, "unshare", "--user", "--map-user=65534", "--map-group=65534", "--keep-caps", "sh", "-c",
    'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --ambient-caps=-all --inh-caps=-all "$@"', "sh",
)


@functools.cache
def nobodys_cache():
    """A cache for ordinary users, with the tests' own SDKs if there are any: downloading them once is enough."""
    folder = tempfile.mkdtemp(prefix="tidegate-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = Path(folder) / "tidegate/sdk"
    own.mkdir(parents=True)
    if SDKS.is_dir():
        shutil.copytree(SDKS, own, symlinks=True, dirs_exist_ok=True, copy_function=link_or_copy)
    # Files stay the tests' own: a server only adds to folders.
    for place in (own.parent.parent, own.parent, own, *own.iterdir()):
        if place.is_dir():
            os.chown(place, 65534, 65534)
    return folder


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Situation:
    """What a server finds itself in; a context manager of the server."""

    def __init__(self, kind, *flags):
        self.kind, self.flags, self.server = kind, flags, None
        # An ordinary user must be able to reach what it uses; pytest's own folders are the tester's alone.
        self.folder = Path(tempfile.mkdtemp(prefix="tidegate-situation-"))

    def __enter__(self):
        self.folder.chmod(0o755)
        data = self.folder / "data"
        data.mkdir()
        wrap, env, binary = (), None, BINARY
        if "user" in self.kind:
            os.chown(data, 65534, 65534)
            binary = self.folder / "tidegate"
            shutil.copy(BINARY, binary)
            wrap = AS_NOBODY if self.kind == "an ordinary user" else NO_NAMESPACES
            env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(data), "XDG_CACHE_HOME": nobodys_cache()}
        elif self.kind == "without control groups":
            wrap = ("unshare", "--mount", "sh", "-c", 'umount -R /sys/fs/cgroup && exec "$@"', "sh")
        self.server = Server(data / "store", *self.flags, wrap=wrap, env=env, binary=binary)
        return self.server

    def __exit__(self, *_):
        if self.server:
            self.server.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


ROOT_ONLY = pytest.mark.skipif(os.getuid() != 0, reason="only root can change what the server finds itself in")


@pytest.fixture(scope="module", params=["as the tests", pytest.param("an ordinary user", marks=ROOT_ONLY), pytest.param("without control groups", marks=ROOT_ONLY)])
def server(request):
    with Situation(request.param) as running:
        yield running


def own_address():
    """An address by which others reach this machine, or that of loopback if there is none. No packet is sent."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


@pytest.fixture(scope="module")
def other_service():
    """A service of the host's, on all addresses, on a datagram port and on two abstract sockets."""
    listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) if socket.has_dualstack_ipv6() else socket.create_server(("", 0))
    port = listener.getsockname()[1]
    datagrams = socket.socket(type=socket.SOCK_DGRAM)
    datagrams.bind(("", port))
    name = f"tidegate-test-{os.getpid()}"
    hidden = [socket.socket(socket.AF_UNIX, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
    hidden[0].bind(b"\0" + name.encode())
    hidden[0].listen()
    hidden[1].bind(b"\0" + name.encode() + b"-d")
    yield port, name
    datagrams.settimeout(0)
    with pytest.raises(BlockingIOError):
        datagrams.recv(1)
    for one in (listener, datagrams, *hidden):
        one.close()


NEIGHBOR = """
import socket
kept = [socket.create_server(('127.0.0.1', 7007)), socket.socket(socket.AF_UNIX)]
kept[1].bind(b'\\0tidegate-neighbor'); kept[1].listen()
def handler(event, context):
    socket.create_connection(('127.0.0.1', 7007)).close()
    return 'listens'
"""


@pytest.fixture(scope="module")
def prober(server):
    function(server, "prober", {"handler.py": PROBER}, "handler.handler", Timeout=60)


def probe(server, probes, other=(1, "x")):
    facts = {"data": str(server.data), "binary": str(Path(os.readlink(f"/proc/{server.process.pid}/exe"))), "pid": server.process.pid, "other": other[0], "name": other[1], "address": own_address(), "port": server.port}
    filled = {name: source.format(**facts) if "{" in source else source for name, source in probes.items()}
    answer, error = invoke(server, "prober", {"probes": filled})
    assert error is None, answer
    return {name: got for name, got in answer.items() if got is not None}


def test_cannot_read_the_host(server, prober):
    assert probe(server, READS) == {}


def test_cannot_write(server, prober):
    assert probe(server, WRITES) == {}


def test_dangerous_calls_are_refused(server, prober):
    assert probe(server, {name: f"call{arguments}" for name, arguments in SYSCALLS.items()}) == {}


def test_network_is_closed(server, prober, other_service):
    function(server, "neighbor", {"handler.py": NEIGHBOR}, "handler.handler")
    assert invoke(server, "neighbor") == ("listens", None)
    # All of them are there for those who are not in a sandbox.
    socket.create_connection((own_address(), other_service[0]), 5).close()
    assert probe(server, NETWORK, other_service) == {}
    assert server.process.poll() is None


def test_the_endpoint_is_reached(server, prober):
    probes = {"endpoint": "connect('127.0.0.1', 4566)", "by name": "connect('dynamodb.us-east-1.amazonaws.com', 443)"}
    answer, error = invoke(server, "prober", {"probes": probes})
    assert error is None and answer == dict.fromkeys(probes, "'connected'"), "the probes above would fail without any network, too"


def test_root_shows_only_the_image(server, prober):
    answer, _ = invoke(server, "prober", {"probes": {"root": "sorted(os.listdir('/'))", "user": "os.getuid()", "caps": "[l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1]"}})
    shown = set(json.loads(answer["root"].replace("'", '"')))
    assert shown <= {"bin", "dev", "etc", "lib", "lib64", "lib32", "libx32", "opt", "proc", "sbin", "tmp", "usr", "var", "run"}, shown
    assert answer["user"] != "0"
    assert set(answer["caps"].strip("'")) == {"0"}


def test_functions_do_not_see_each_other(server, prober):
    function(server, "keeper", {"handler.py": "import os\ndef handler(e, c):\n    open('/tmp/secret', 'w').write('s')\n    return os.getpid()\n", "secret.txt": "s"}, "handler.handler",
             Environment={"Variables": {"SECRET": "hush"}})
    assert invoke(server, "keeper")[1] is None
    probes = {"tmp": "[f for f in os.listdir('/tmp') if 'secret' in f]", "code": "[f for f in os.listdir('/var/task') if 'secret' in f]",
              "environment": "[p for p in os.listdir('/proc') if p.isdigit() and b'hush' in open(f'/proc/{p}/environ', 'rb').read()]"}
    answer, error = invoke(server, "prober", {"probes": probes})
    assert error is None and answer == dict.fromkeys(probes), answer


EXHAUST = '''
import os, resource, subprocess, sys, time
def handler(event, context):
    kind = event['do']
    if kind == 'forks':
        pids = []
        try:
            while True:
                pid = os.fork()
                if pid == 0:
                    time.sleep(60); os._exit(0)
                pids.append(pid)
        except OSError:
            return len(pids)
    if kind == 'memory':
        hoard = []
        while True: hoard.append(bytearray(10_000_000))
    if kind == 'disk':
        written = 0
        try:
            with open('/tmp/full', 'wb') as f:
                while True: written += f.write(b'x' * 1_000_000); f.flush()
        except OSError as e:
            return [written, e.errno]
    if kind == 'inodes':
        made = 0
        try:
            while made < 5_000_000:
                open(f'/tmp/i{made}', 'w').close(); made += 1
        except OSError as e:
            return [made, e.errno]
    if kind == 'files':
        held = []
        try:
            while True: held.append(open('/dev/null'))
        except OSError as e:
            return [len(held), e.errno]
    if kind == 'flood':
        end = time.time() + 2
        while time.time() < end: os.write(1, b'y' * 65536)
        return 'flooded'
    if kind == 'line':
        for _ in range(400): os.write(1, b'z' * 1_000_000)
        return 'long'
    if kind == 'daemon':
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                import signal
                for s in range(1, 32):
                    try: signal.signal(s, signal.SIG_IGN)
                    except OSError: pass
                while True: time.sleep(0.01)
            os._exit(0)
        while True: pass
    return 'ok'
'''


def memory_of(server):
    line = next(line for line in open(f"/proc/{server.process.pid}/status") if line.startswith("VmRSS"))
    return int(line.split()[1])


def test_cannot_exhaust_the_machine(server):
    function(server, "exhaust", {"handler.py": EXHAUST}, "handler.handler", Timeout=20, MemorySize=256, EphemeralStorage={"Size": 512})
    assert invoke(server, "exhaust", {"do": "ok"}) == ("ok", None)
    before = memory_of(server)
    forks, _ = invoke(server, "exhaust", {"do": "forks"})
    assert isinstance(forks, dict) or forks <= 1024, forks
    answer, error = invoke(server, "exhaust", {"do": "memory"})
    assert error == "Unhandled" and answer["errorType"] in ("Runtime.OutOfMemory", "Runtime.ExitError"), answer
    (written, errno), _ = invoke(server, "exhaust", {"do": "disk"})
    assert errno in (28, 12) and written <= 512 * 1024 * 1024, written
    assert invoke(server, "exhaust", {"do": "files"})[0][0] <= 1024
    assert invoke(server, "exhaust", {"do": "flood"})[1] is None
    assert invoke(server, "exhaust", {"do": "ok"}) == ("ok", None)
    assert memory_of(server) - before < 64 * 1024, "the server's own memory stays flat"


def test_long_lines_are_bounded(server):
    function(server, "longline", {"handler.py": EXHAUST}, "handler.handler", Timeout=30)
    before = memory_of(server)
    assert invoke(server, "longline", {"do": "line"})[1] is None
    assert memory_of(server) - before < 96 * 1024


def test_nothing_survives_a_timeout(server):
    function(server, "daemon", {"handler.py": EXHAUST}, "handler.handler", Timeout=2)
    answer, error = invoke(server, "daemon", {"do": "daemon"})
    assert answer["errorType"] == "Sandbox.Timedout"
    time.sleep(0.3)
    spinning = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            command = open(f"/proc/{pid}/cmdline", "rb").read()
        except OSError:
            continue
        ticks = int(text[11])
        if b"bootstrap" in command and ticks > 100:
            spinning.append((pid, command))
    assert spinning == []


def test_frozen_between_invocations(server):
    code = "import threading, time\nticks = 0\ndef count():\n    global ticks\n    while True:\n        ticks += 1; time.sleep(0.01)\nthreading.Thread(target=count, daemon=True).start()\ndef handler(e, c):\n    return ticks\n"
    function(server, "ticker", {"handler.py": code}, "handler.handler")
    first, _ = invoke(server, "ticker")
    time.sleep(2)
    second, _ = invoke(server, "ticker")
    assert second - first < 100, "two seconds of sleep would be 200 ticks"


def test_node_is_confined_too(server):
    code = """
const fs = require('fs'); const net = require('net'); const { execSync } = require('child_process');
const attempt = (f) => { try { const got = f(); return got === undefined || got.length === 0 ? null : String(got).slice(0, 100); } catch { return null; } };
exports.handler = async (event) => ({
  shadow: attempt(() => fs.readFileSync('/etc/shadow')), data: attempt(() => fs.readdirSync(event.data)), root: attempt(() => fs.readdirSync('/root')),
  task: attempt(() => (fs.writeFileSync('/var/task/x', 'x'), 'wrote')), mount: attempt(() => execSync('mount -t tmpfs none /tmp 2>/dev/null')),
  server: attempt(() => (process.kill(event.pid, 0), 'reached')), memory: attempt(() => fs.openSync(`/proc/${event.pid}/mem`)),
  loopback: await new Promise((done) => { const s = net.connect(event.other, '127.0.0.1', () => done('connected')); s.on('error', () => done(null)); setTimeout(() => done(null), 2000); }),
});
"""
    function(server, "nodeprobe", {"index.js": code}, "index.handler", runtime="nodejs20.x")
    listener = socket.create_server(("127.0.0.1", 0))
    answer, error = invoke(server, "nodeprobe", {"data": str(server.data), "pid": server.process.pid, "other": listener.getsockname()[1]})
    listener.close()
    assert error is None and set(answer.values()) == {None}, answer


LAYERS_OF_GROUPS = "no memory-cgroup, no cpu-cgroup, no pids-cgroup, no freezer"


def reduced(server):
    """What the server says about its sandbox, at its start and when it is asked; the same in both."""
    said = eventually(lambda: [line for line in server.lines if "sandbox: " in line])
    status = server.tidegate("status").stdout
    assert not said or said[0].split("sandbox: ")[1].split(";")[0].strip() in status, (said, status)
    return said[0] if said else ""


@ROOT_ONLY
@pytest.mark.parametrize("kind, missing", [
    ("an ordinary user", LAYERS_OF_GROUPS), ("without control groups", LAYERS_OF_GROUPS),
    ("a user without namespaces", "no userns, no mountns, no pidns, no ipcns, no utsns, no netns"),
])
def test_what_is_missing_is_said(kind, missing):
    with Situation(kind) as running:
        assert missing in reduced(running), running.lines
        function(running, "plain", {"handler.py": "def handler(event, context):\n    return 'runs'\n"}, "handler.handler")
        assert invoke(running, "plain") == ("runs", None)


@ROOT_ONLY
@pytest.mark.parametrize("kind", ["an ordinary user", "without control groups", "a user without namespaces"])
def test_a_server_that_must_have_all_of_it_does_not_start(kind):
    situation = Situation(kind, "--sandbox", "required")
    with pytest.raises(NotStarted, match="full isolation is required, and this machine refuses"):
        situation.__enter__()
    situation.__exit__()


@ROOT_ONLY
def test_a_user_without_namespaces_is_told_what_to_do():
    with Situation("a user without namespaces") as running:
        doctor = subprocess.run([*NO_NAMESPACES, running.binary, "doctor"], capture_output=True, text=True, env=running.env)
    assert doctor.returncode == 1 and "sysctl user.max_user_namespaces=" in doctor.stdout, doctor.stdout
