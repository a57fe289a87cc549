"""One server for each test module, and the real clients that talk to it."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import boto3
import botocore.config
import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("TIDEGATE_BIN", ROOT / "target/release/tidegate"))
CLIENTS = ROOT / "target/clients"
REGION = "us-east-1"
# whatever the profiles of who runs the tests say
os.environ["AWS_REGION"] = REGION


class NotStarted(AssertionError):
    """The server did not become ready; the text is what it said."""


class Server:
    """A running tidegate with a data folder of its own."""

    def __init__(self, data=None, *flags, command="start", wrap=(), binary=BINARY, env=None):
        """`wrap` is a command that becomes the server, after it has changed what the server finds itself in."""
        self.data = Path(data or tempfile.mkdtemp(prefix="tidegate-test-"))
        self.flags, self.command = flags, command
        self.wrap, self.binary, self.env = wrap, binary, env
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self):
        self.lines, self.ready = [], threading.Event()
        arguments = [*self.wrap, self.binary, "start", "--port", str(self.port), "--data", self.data, *self.flags]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.env)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        end = time.monotonic() + 60
        while not self.ready.wait(0.05):
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                self.reader.join(10)
                raise NotStarted("the server was not ready within 60 s, or ended before:\n" + "".join(self.lines))

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("Ready."):
                self.ready.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, service, key="test", secret="test", token=None, region=REGION, retries=0, **more):
        config = botocore.config.Config(retries={"max_attempts": retries}, read_timeout=120, **more)
        return boto3.client(
            service, region_name=region, endpoint_url=self.url, config=config,
            aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token,
        )

    def run(self, *command, cwd=None, check=True, env=None, timeout=900):
        """A command inside `tidegate exec`; its standard output, or (status, output) without `check`."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            [BINARY, "exec", "--port", str(self.port), "--", *map(str, command)], cwd=cwd, text=True, timeout=timeout,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PATH": path, **(env or {})},
        )
        if not check:
            return done.returncode, done.stdout + done.stderr
        assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def aws(self, *arguments):
        text = self.run("aws", *arguments, "--output", "json", "--region", REGION)
        return json.loads(text) if text.strip() else {}

    def tidegate(self, command, *arguments, cwd=None, check=True):
        done = subprocess.run(
            [BINARY, command, "--port", str(self.port), *map(str, arguments)], cwd=cwd, text=True, capture_output=True, timeout=300,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def curl(self, url, *arguments):
        """(status, headers, body); header names in lower case, values in lists."""
        text = self.run("curl", "-sS", "-i", "--max-time", "60", *arguments, url).replace("\r\n", "\n")
        head, _, body = text.partition("\n\n")
        while head.startswith(("HTTP/1.1 100", "HTTP/1.1 200 OK\n\n")) or "Connection established" in head:
            head, _, body = body.partition("\n\n")
        first, *rest = head.split("\n")
        headers = {}
        for line in rest:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip().lower(), []).append(value.strip())
        return int(first.split()[1]), headers, body

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def remove(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.data, ignore_errors=True)


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.remove()


def packed(files):
    """A zip of these files, as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, text)
    return buffer.getvalue()


def eventually(probe, seconds=20):
    """The probe's first true answer, or its last one."""
    end = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.2)


TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def role(server, name, *statements, basic=True):
    """A role for functions; its ARN."""
    iam = server.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    if basic:
        iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    if statements:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    return arn


def function(server, name, files, handler, runtime="python3.11", role_arn=None, **settings):
    """A function that is ready to be invoked."""
    lam = server.client("lambda")
    arn = role_arn or role(server, f"{name}-role")
    settings = {"Timeout": 10, "MemorySize": 256, **settings}
    lam.create_function(FunctionName=name, Runtime=runtime, Handler=handler, Role=arn, Code={"ZipFile": packed(files)}, **settings)
    lam.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return lam


def invoke(server, name, event=None, **more):
    """(answer, error kind) of an invocation."""
    answer = server.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
    return json.loads(answer["Payload"].read() or "null"), answer.get("FunctionError")
