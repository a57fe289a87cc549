"""Makes requests.json and responses.json: what botocore writes for our sample documents, and what it could read of our
answers. Run it when the model, the samples or the renderer change:

    cargo run -q -p tidegate-wire --example samples | python3 crates/tidegate-wire/tests/vectors/generate.py

It needs a botocore that knows the same operations as crates/tidegate-model/data.
"""

import base64
import datetime
import email.utils
import json
import pathlib
import sys
import zlib
from urllib.parse import urlsplit

import botocore.awsrequest
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize

HERE = pathlib.Path(__file__).parent
LOADER = botocore.loaders.Loader()
MODELS = {}


def model(service):
    if service not in MODELS:
        MODELS[service] = botocore.model.ServiceModel(LOADER.load_service_model(service, "service-2"), service)
    return MODELS[service]


def to_botocore(shape, value):
    """Our document as botocore's parameters: bytes and dates are objects there."""
    kind = shape.type_name
    if kind == "structure":
        return {k: to_botocore(shape.members[k], v) for k, v in value.items()}
    if kind == "list":
        return [to_botocore(shape.member, v) for v in value]
    if kind == "map":
        return {k: to_botocore(shape.value, v) for k, v in value.items()}
    if kind == "blob":
        return base64.b64decode(value)
    if kind == "timestamp":
        # S3's Expires is text in the model; botocore alone makes a date of it.
        return value if isinstance(value, str) else datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    return value


def from_botocore(shape, value):
    kind = shape.type_name
    if kind == "structure":
        known = {k: v for k, v in value.items() if k in shape.members and v is not None}
        return {k: from_botocore(shape.members[k], v) for k, v in known.items()}
    if kind == "list":
        return [from_botocore(shape.member, v) for v in value]
    if kind == "map":
        return {k: from_botocore(shape.value, v) for k, v in value.items()}
    if kind == "blob":
        value = value.read() if hasattr(value, "read") else value
        return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()
    if kind == "timestamp":
        value = value.astimezone(datetime.timezone.utc)
        return email.utils.format_datetime(value, usegmt=True) if shape.name == "Expires" else int(value.timestamp())
    return value


def request(sample):
    """What botocore sends for a sample's input."""
    operation = model(sample["service"]).operation_model(sample["operation"])
    serializer = botocore.serialize.create_serializer(sample["protocol"], include_validation=False)
    parameters = to_botocore(operation.input_shape, sample["input"]) if operation.input_shape else {}
    parts = serializer.serialize_to_request(parameters, operation)
    botocore.awsrequest.prepare_request_dict(parts, endpoint_url="http://localhost:4566")
    prepared = botocore.awsrequest.create_request_object(parts).prepare()
    url, body = urlsplit(prepared.url), prepared.body or b""
    body = body.encode() if isinstance(body, str) else body
    headers = {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in prepared.headers.items()}
    headers.pop("content-length", None)
    vector = {
        "for": [sample["service"], sample["operation"], sample["protocol"]],
        "signed": model(sample["service"]).signing_name,
        "method": prepared.method,
        "path": url.path,
        "query": url.query,
        "headers": headers,
    }
    try:
        vector["text"] = body.decode()
    except UnicodeDecodeError:
        vector["base64"] = base64.b64encode(body).decode()
    return vector


class Stream:
    """A body that the reader wants to stream."""

    def __init__(self, data):
        self.data = data

    def read(self):
        return self.data


def check_response(sample):
    """Reads our answer with botocore; the reason why it is wrong, if it is."""
    operation = model(sample["service"]).operation_model(sample["operation"])
    given = sample["response"]
    body = base64.b64decode(given["body"])
    shape = operation.output_shape
    streaming = operation.has_streaming_output
    headers = botocore.awsrequest.HeadersDict(given["headers"])
    raw = {"status_code": given["status"], "headers": headers, "body": Stream(body) if streaming else body}
    parsed = botocore.parsers.create_parser(sample["protocol"]).parse(raw, shape)
    if given["status"] >= 300:
        return f"status {given['status']}"
    if shape is None:
        return None
    found = from_botocore(shape, parsed)
    return None if found == sample["output"] else f"{found}\n  instead of {sample['output']}"


def check_errors(sample):
    """Reads our errors with botocore; the reason why one is wrong, if it is."""
    service = model(sample["service"])
    for error in sample["errors"]:
        given, shape = error["response"], service.shape_for(error["shape"])
        headers = botocore.awsrequest.HeadersDict(given["headers"])
        raw = {"status_code": given["status"], "headers": headers, "body": base64.b64decode(given["body"])}
        parsed = botocore.parsers.create_parser(sample["protocol"]).parse(raw, None)
        code, message = parsed["Error"]["Code"], parsed["Error"]["Message"]
        by_code = sample["protocol"] == "query" or "x-amzn-query-error" in given["headers"]
        wanted = shape.metadata.get("error", {}).get("code", shape.name) if by_code else shape.name
        if (code != wanted and sample["service"] != "sqs") or message != "Why <it> failed":
            return f"{parsed} instead of {wanted}"
        if parsed["ResponseMetadata"].get("RequestId") != "request-1":
            return f"no request id in {parsed}"
    return None


def main():
    requests, responses, wrong = [], [], 0
    for line in sys.stdin:
        sample = json.loads(line)
        key = [sample["service"], sample["operation"], sample["protocol"]]
        if sample["input"] is not None:
            requests.append(request(sample))
        reason = check_errors(sample)
        if reason:
            wrong += 1
            print("WRONG", *key, reason, file=sys.stderr)
        if sample["output"] is not None:
            reason = check_response(sample)
            if reason:
                wrong += 1
                print("WRONG", *key, reason, file=sys.stderr)
            body = base64.b64decode(sample["response"]["body"])
            responses.append([*key, sample["response"]["status"], len(body), zlib.crc32(body)])
    if wrong:
        sys.exit(f"{wrong} answers are wrong; nothing written")
    for name, vectors in (("requests", requests), ("responses", responses)):
        lines = ",\n".join(json.dumps(v, separators=(",", ":"), ensure_ascii=False) for v in vectors)
        (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(len(requests), "requests,", len(responses), "responses")


if __name__ == "__main__":
    main()
