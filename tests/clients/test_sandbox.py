"""Functions that try to get out, or to take the machine down; each attempt must fail, and the server must live on."""

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

from conftest import BINARY, Server, function, invoke, role

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
    "metadata": "connect('169.254.169.254', 80)", "host's loopback": "connect('127.0.0.1', {other})", "private": "connect('10.0.0.1', 80)",
    "link-local v6": "connect('fe80::1', 80, socket.AF_INET6)",
    "raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)", "packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "netlink audit": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9).send(b'x' * 16)", "low port": "socket.socket().bind(('0.0.0.0', 80))",
    "abstract socket": "abstract({name!r})", "kill the server": "os.kill({pid}, 9)", "signal all": "os.kill({pid}, 0)",
}
PROBER = '''
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def connect(host, port, family=socket.AF_INET):
    s = socket.socket(family); s.settimeout(2); s.connect((host, port)); return 'connected'
def abstract(name):
    s = socket.socket(socket.AF_UNIX); s.settimeout(2); s.connect(b"\\0" + name.encode()); return 'connected'
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


@pytest.fixture(scope="module")
def other_service():
    """A service of the host's, on loopback and on an abstract socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    hidden = socket.socket(socket.AF_UNIX)
    name = f"tidegate-test-{os.getpid()}"
    hidden.bind(b"\0" + name.encode())
    hidden.listen()
    yield listener.getsockname()[1], name
    listener.close()
    hidden.close()


@pytest.fixture(scope="module")
def prober(server):
    function(server, "prober", {"handler.py": PROBER}, "handler.handler", Timeout=30)


def probe(server, probes, other=(1, "x")):
    facts = {"data": str(server.data), "binary": str(Path(os.readlink(f"/proc/{server.process.pid}/exe"))), "pid": server.process.pid, "other": other[0], "name": other[1]}
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
    assert probe(server, NETWORK, other_service) == {}
    assert server.process.poll() is None


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


@pytest.fixture
def open_folder():
    """A folder that an ordinary user can reach; pytest's own are the tester's alone."""
    folder = Path(tempfile.mkdtemp(prefix="tidegate-user-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(os.getuid() != 0, reason="runs as an ordinary user already")
def test_as_an_ordinary_user(open_folder):
    """The same server without root: user namespaces do the work, and what is missing is said."""
    data, binary = open_folder / "data", open_folder / "tidegate"
    data.mkdir()
    os.chown(data, 65534, 65534)
    shutil.copy(BINARY, binary)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(data), "XDG_CACHE_HOME": str(data / "cache")}
    process = subprocess.Popen(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, "start", "--port", str(port), "--data", data / "store"],
                               env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready."):
                break
        assert lines and lines[-1].startswith("Ready."), lines
        threading.Thread(target=process.stdout.read, daemon=True).start()
        server = Server.__new__(Server)
        server.port, server.process, server.data = port, process, data
        function(server, "prober", {"handler.py": PROBER}, "handler.handler", runtime="python3.11", Timeout=30)
        assert probe(server, READS) == {}
        assert probe(server, WRITES) == {}
        assert probe(server, {name: f"call{arguments}" for name, arguments in SYSCALLS.items()}) == {}
    finally:
        process.terminate()
        process.wait(20)
