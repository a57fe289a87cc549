"""Runs a Lambda handler in Python: waits for frames on file descriptor 3 and answers them on 4 (see ../README.md).

Lines for the log go to file descriptor 1; a record separator before a newline keeps an event together.
"""

import importlib
import json
import logging
import os
import re
import sys
import time
import traceback

INIT, INVOKE = 1, 2
READY, INIT_DONE, INIT_ERROR, RESPONSE, ERROR = 16, 17, 18, 19, 20
FROM_SERVER, TO_SERVER = 3, 4
NO_BREAK_SPACE = "\u00a0"


# ---------------------------------------------------------------- frames


class Frames:
    """Whole frames out of a byte stream."""

    def __init__(self):
        self.pending = bytearray()

    def fill(self, size):
        while len(self.pending) < size:
            # Large events in large pieces; otherwise a size that the allocator keeps at hand.
            chunk = os.read(FROM_SERVER, max(32768, min(size - len(self.pending), 1048576)))
            if not chunk:
                os._exit(0)  # The server went away: nothing is left to do.
            self.pending += chunk

    def receive(self):
        """The next frame's kind and body."""
        self.fill(4)
        size = int.from_bytes(self.pending[:4], "little")
        self.fill(4 + size)
        frame = bytes(self.pending[4 : 4 + size])
        del self.pending[: 4 + size]
        return frame[0], frame[1:]


def send(kind, body):
    frame = (len(body) + 1).to_bytes(4, "little") + bytes((kind,)) + body
    written = os.write(TO_SERVER, frame)
    while written < len(frame):
        written += os.write(TO_SERVER, memoryview(frame)[written:])


# ---------------------------------------------------------------- log

request_id = None
json_log = False


def write_event(text):
    """Writes one log event, however many lines it has."""
    sys.stdout.flush()
    data = memoryview((text.rstrip("\n").replace("\n", "\x1e\n") + "\n").encode("utf-8", "backslashreplace"))
    while data:
        data = data[os.write(1, data) :]


class EventHandler(logging.Handler):
    def emit(self, record):
        write_event(self.format(record))


class RequestFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = request_id or ""
        record.tenant_id = None
        return True


# Members that every record has; others were given as `extra` and are logged.
RECORD_MEMBERS = frozenset(vars(logging.makeLogRecord({}))) | {"aws_request_id", "tenant_id", "message", "asctime"}


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "timestamp": timestamp(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            line.update(exception_members(record))
        line.update((k, v) for k, v in vars(record).items() if k not in RECORD_MEMBERS)
        line["requestId"] = record.aws_request_id
        return json.dumps({k: v for k, v in line.items() if v is not None}, default=str, ensure_ascii=False)


def exception_members(record):
    kind, value, trace = record.exc_info
    if kind is None:
        return {}
    frames = traceback.extract_tb(trace)
    return {
        "stackTrace": [f"{f.name}, {f.filename}:{f.lineno}" for f in frames],
        "errorType": kind.__name__,
        "errorMessage": str(value),
        "location": f"{record.pathname}:{record.funcName}:{record.lineno}",
    }


def timestamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def set_up_logging(level):
    logging.Formatter.converter = time.gmtime
    handler = EventHandler()
    if json_log:
        handler.setFormatter(JsonFormatter())
    else:
        text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler.setFormatter(logging.Formatter(text, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    level = {"TRACE": "NOTSET", "FATAL": "CRITICAL"}.get(level, level)
    if level:
        root.setLevel(level)


def log_error(error):
    if json_log:
        line = {"timestamp": timestamp(time.time()), "level": "ERROR", **error}
        return write_event(json.dumps(line, ensure_ascii=False))
    lines = ["[ERROR] " + ": ".join(part for part in (error["errorType"], error["errorMessage"]) if part)]
    lines.append("Traceback (most recent call last):")
    for entry in error["stackTrace"]:
        for line in entry.splitlines():
            bare = line.lstrip(" ")
            lines.append(NO_BREAK_SPACE * (len(line) - len(bare)) + bare)
    return write_event("\n".join(lines))


# ---------------------------------------------------------------- errors


class Fault(Exception):
    """An error with one of AWS' own types."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.trace = trace or []


def describe(error):
    """The object that the caller gets for an exception."""
    if isinstance(error, Fault):
        return error_object(str(error), error.kind, error.trace)
    frames = traceback.extract_tb(error.__traceback__)
    own = [n for n, frame in enumerate(frames) if frame.filename != __file__]
    frames = frames[own[0] :] if own else []
    lines = traceback.format_list([(f.filename, f.lineno, f.name, f.line) for f in frames])
    return error_object(str(error), type(error).__name__, lines)


def error_object(message, kind, trace):
    return {"errorMessage": message, "errorType": kind, "requestId": request_id or "", "stackTrace": trace}


# ---------------------------------------------------------------- context


class Plain:
    """An object whose members are given as keywords; shown as AWS' classes show themselves."""

    def __init__(self, **members):
        self.__dict__.update(members)

    def __repr__(self):
        members = ",".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{type(self).__name__}([{members}])"


class CognitoIdentity(Plain):
    pass


class Client(Plain):
    pass


class ClientContext(Plain):
    pass


class LambdaContext:
    """The second argument of a handler."""

    def __init__(self, meta):
        env = os.environ
        self.aws_request_id = meta["requestId"]
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = meta["functionArn"]
        self.tenant_id = None
        self.client_context = client_context(meta.get("clientContext"))
        self.identity = cognito_identity(meta.get("cognitoIdentity"))
        self._epoch_deadline_time_in_ms = meta["deadlineMs"]

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, msg):
        print(msg, flush=True)

    def __repr__(self):
        members = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"LambdaContext([{members}])"


def client_context(text):
    if not text:
        return None
    given = parse(text, "Client Context")
    client = given.get("client")
    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
    client = client and Client(**{name: client.get(name) for name in names})
    return ClientContext(custom=given.get("custom"), env=given.get("env"), client=client)


def cognito_identity(text):
    given = parse(text, "Cognito Identity") if text else {}
    return CognitoIdentity(
        cognito_identity_id=given.get("cognitoIdentityId"),
        cognito_identity_pool_id=given.get("cognitoIdentityPoolId"),
    )


def parse(text, what):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Fault("LambdaContextUnmarshalError", f"Unable to parse {what} JSON: {error}") from None


# ---------------------------------------------------------------- init


def initialize(settings):
    global json_log
    if settings["variables"]:
        os.environ.clear()
        os.environ.update(settings["variables"])
        forget_session(settings["variables"])
    json_log = settings["logFormat"] == "JSON"
    os.chdir(settings["taskRoot"])
    set_up_logging(settings.get("logLevel"))
    set_up_path(settings["taskRoot"], settings["optRoot"])
    return load(settings["handler"])


def set_up_path(task, opt):
    """AWS' search order: the code, the layers, the runtime; nothing of what the machine has installed otherwise."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    here = os.path.dirname(os.path.abspath(__file__))
    first = [task, f"{opt}/python/lib/{version}/site-packages", f"{opt}/python", here]
    rest = [p for p in sys.path if p not in first and "site-packages" not in p and "dist-packages" not in p]
    sys.path[:] = first + rest
    # Folders that were mounted a moment ago were not there when they were first looked at. (`invalidate_caches` would do
    # more than that, and load a dozen modules for it.)
    sys.path_importer_cache.clear()


def forget_session(variables):
    """Drops a prepared session if the user's variables could have made another one."""
    boto3 = sys.modules.get("boto3")
    if boto3 and not {"AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_DATA_PATH", "AWS_SHARED_CREDENTIALS_FILE"}.isdisjoint(variables):
        boto3.DEFAULT_SESSION = None


def load(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", trace) from error
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


# ---------------------------------------------------------------- invoke


class Encoder(json.JSONEncoder):
    """Writes Decimal numbers, such as boto3's tables give, with all their digits."""

    # Stands for a number until the text around it is written; no value of a handler has it.
    mark = os.urandom(16).hex()

    def encode(self, value):
        self.numbers = []
        text = super().encode(value)
        return re.sub(f'"{self.mark}([0-9]+)"', self.number, text) if self.numbers else text

    def number(self, found):
        return self.numbers[int(found[1])]

    def default(self, value):
        decimal = sys.modules.get("decimal")
        if not decimal or not isinstance(value, decimal.Decimal):
            return super().default(value)
        self.numbers.append("NaN" if value.is_nan() else str(value))
        return f"{self.mark}{len(self.numbers) - 1}"


# Since Python 3.12 the runtime leaves letters beyond ASCII as they are.
encoder = Encoder(ensure_ascii=sys.version_info < (3, 12))


def invoke(handler, body):
    global request_id
    size = int.from_bytes(body[:4], "little")
    meta = json.loads(body[4 : 4 + size])
    request_id = meta["requestId"]
    trace_id = meta.get("traceId")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    if meta.get("variables"):
        os.environ.update(meta["variables"])
    try:
        event = unmarshal(body[4 + size :])
        kind, reply = RESPONSE, marshal(handler(event, LambdaContext(meta)))
    except Exception as error:  # SystemExit ends the process, as on AWS.
        described = describe(error)
        log_error(described)
        kind, reply = ERROR, json.dumps(described).encode()
    sys.stdout.flush()
    sys.stderr.flush()
    send(kind, reply)


def unmarshal(data):
    try:
        return json.loads(data)
    except ValueError as error:
        raise Fault("UnmarshalError", f"Unable to unmarshal input: {error}") from None


def marshal(value):
    if isinstance(value, bytes):
        return value  # The handler's own serialization.
    try:
        return encoder.encode(value).encode()
    except Exception as error:
        raise Fault("MarshalError", f"Unable to marshal response: {error}") from None


# ---------------------------------------------------------------- start


def prepare():
    """Loads ahead what most functions will ask for, and keeps the session that boto3 uses by default."""
    boto3 = importlib.import_module("boto3")
    boto3.setup_default_session()
    session = boto3.DEFAULT_SESSION
    keys = {"region_name": "us-east-1", "aws_access_key_id": "none", "aws_secret_access_key": "none"}
    session.client("dynamodb", endpoint_url="http://127.0.0.1:9", **keys)
    session.resource("dynamodb", endpoint_url="http://127.0.0.1:9", **keys)


def set_up_interpreter():
    # Started without `site`, whose search for installed packages costs time and finds what AWS does not have.
    import site
    import warnings

    site.setquit()
    site.sethelper()
    warnings.filterwarnings("ignore", message="Boto3 will no longer support")
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.stderr.reconfigure(line_buffering=True)


def main():
    set_up_interpreter()
    if sys.argv[1:] == ["prepare"]:
        try:
            prepare()
        except Exception:
            pass  # Without the SDK there is nothing to prepare.
    del sys.argv[1:]
    # The server gives a function another process if its files bear one of these names.
    send(READY, json.dumps(sorted({name.split(".")[0] for name in sys.modules})).encode())
    frames = Frames()
    handler = None
    while True:
        kind, body = frames.receive()
        if kind == INVOKE:
            invoke(handler, body)
        elif kind == INIT:
            handler = start(json.loads(body))


def start(settings):
    try:
        handler = initialize(settings)
    except Exception as error:
        described = describe(error)
        log_error(described)
        send(INIT_ERROR, json.dumps(described).encode())
        sys.stdout.flush()
        os._exit(1)
    sys.stdout.flush()
    send(INIT_DONE, b"")
    return handler


if __name__ == "__main__":
    main()
