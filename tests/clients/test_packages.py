"""Deployment packages as `npm install && zip` and `pip install -t` make them: links, executables, many files, sizes."""

import io
import json
import os
import stat
import zipfile

import pytest
from botocore.exceptions import ClientError

from conftest import eventually, invoke, role


@pytest.fixture(scope="module")
def create(server):
    arn = role(server, "packages-role")

    def create(name, package, runtime="python3.12", handler="app.handler"):
        lam = server.client("lambda")
        made = lam.create_function(FunctionName=name, Runtime=runtime, Handler=handler, Role=arn, Code={"ZipFile": package}, Timeout=20)
        lam.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return made

    return create


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name, mode, content); the mode says whether it is a link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, mode, content in entries:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 3, mode << 16, compression
            archive.writestr(info, content)
    return buffer.getvalue()


FILE, PROGRAM, LINK = stat.S_IFREG | 0o644, stat.S_IFREG | 0o755, stat.S_IFLNK | 0o777


def test_links_and_executables(server, create):
    code = """
const fs = require('fs'), { execFileSync } = require('child_process');
exports.handler = async () => ({
  link: fs.readlinkSync('/var/task/node_modules/.bin/tool'), through: execFileSync('/var/task/node_modules/.bin/tool').toString(),
  required: require('linked').name, mode: (fs.statSync('/var/task/node_modules/tool/run').mode & 0o777).toString(8),
});
"""
    create("links", packed([
        ("index.js", FILE, code),
        ("node_modules/tool/run", PROGRAM, "#!/bin/sh\necho ran\n"),
        ("node_modules/.bin/tool", LINK, "../tool/run"),
        ("packages/linked/index.js", FILE, "exports.name = 'a workspace package';"),
        ("node_modules/linked", LINK, "../packages/linked"),
    ]), runtime="nodejs20.x", handler="index.handler")
    answer, error = invoke(server, "links")
    assert error is None, answer
    assert answer == {"link": "../tool/run", "through": "ran\n", "required": "a workspace package", "mode": "755"}


def test_more_than_ten_thousand_files(server, create):
    code = "import os\ndef handler(event, context):\n    return sum(len(files) for _, _, files in os.walk('/var/task/deps'))\n"
    many = [(f"deps/{n // 100}/{n}.py", FILE, str(n)) for n in range(12_000)]
    create("many", packed([("app.py", FILE, code), *many]))
    assert invoke(server, "many") == (12_000, None)


def refused(create, package):
    with pytest.raises(ClientError) as error:
        create("refused", package)
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def test_sizes(server, create):
    """50 MB zipped and sent inline, 250 MB unzipped; the service says which of them it was."""
    noise = os.urandom(1 << 20)
    stored = lambda megabytes: packed([("app.py", FILE, "handler = len"), *((f"{n}", FILE, noise) for n in range(megabytes))], zipfile.ZIP_STORED)
    kind, too_large = "InvalidParameterValueException", "RequestEntityTooLargeException"
    assert refused(create, stored(51)) == (413, too_large, "Request must be smaller than 70167211 bytes for the CreateFunction operation")
    assert refused(create, stored(50)) == (413, too_large, "Zipped size must be smaller than 52428800 bytes")
    wide = packed([("app.py", FILE, "handler = len"), ("zeros", FILE, bytes(262_144_001))])
    assert refused(create, wide) == (400, kind, "Unzipped size must be smaller than 262144000 bytes")
    assert create("large", stored(49))["CodeSize"] > 49 << 20
    assert "refused" not in json.dumps(server.client("lambda").list_functions()["Functions"], default=str)


def test_why_a_package_was_refused(server, create):
    """AWS' message does not say; the server's log does."""
    status, kind, message = refused(create, packed([("app.py", FILE, ""), ("out", LINK, "/etc/passwd")]))
    assert (status, kind) == (400, "InvalidParameterValueException")
    assert message == "Could not unzip uploaded file. Please check your file, then try to upload again."
    assert eventually(lambda: [line for line in server.lines if 'the symbolic link "out" leads out of the archive' in line])
