"""Writes botocore.json: requests signed by botocore, for tests/sigv4.rs.

Run it with the botocore to compare with: python3 vectors.py > botocore.json
"""

import base64
import datetime
import json
import random
from urllib.parse import urlsplit

import botocore
import botocore.auth as auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AT = datetime.datetime(2026, 11, 21, 9, 30, 0, tzinfo=datetime.timezone.utc)
auth.get_current_datetime = lambda remove_tzinfo=True: AT.replace(tzinfo=None) if remove_tzinfo else AT

KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TOKEN = "FwoGZXIvYXdzEXAMPLE//////////wEaDExampleToken=="
EXPIRES = 900


def vector(form, service, region, method, url, headers=(), body=b"", token=None, note=""):
    credentials = Credentials(*KEY, token)
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    kinds = {
        ("header", False): auth.SigV4Auth,
        ("header", True): auth.S3SigV4Auth,
        ("query", False): auth.SigV4QueryAuth,
        ("query", True): auth.S3SigV4QueryAuth,
    }
    kind = kinds[form, service == "s3"]
    if form == "query":
        signer = kind(credentials, service, region, expires=EXPIRES)
    else:
        signer = kind(credentials, service, region)
    request.context["payload_signing_enabled"] = True
    signer.add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    sent = [[k.lower(), v.decode() if isinstance(v, bytes) else v] for k, v in prepared.headers.items()]
    if not any(k == "host" for k, _ in sent):
        sent.append(["host", parts.netloc])
    return {
        "note": note,
        "form": form,
        "service": service,
        "region": region,
        "method": method,
        "path": parts.path,
        "query": parts.query,
        "headers": sent,
        "body": base64.b64encode(body).decode(),
        "token": token,
    }


def chosen():
    json11 = {"Content-Type": "application/x-amz-json-1.1"}
    dynamodb = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.GetItem"}
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    base = "https://lambda.us-east-1.amazonaws.com"
    yield vector("header", "sts", "us-east-1", "POST", "https://sts.amazonaws.com/", form,
                 b"Action=GetCallerIdentity&Version=2011-06-15", note="query protocol")
    yield vector("header", "dynamodb", "eu-west-1", "POST", "http://localhost:4566/", dynamodb,
                 b'{"TableName":"t","Key":{"id":{"S":"\xc3\xa9"}}}', note="host with port")
    yield vector("header", "logs", "us-east-1", "POST", "https://logs.us-east-1.amazonaws.com/", json11, b"{}",
                 token=TOKEN, note="session token")
    yield vector("header", "lambda", "us-east-1", "GET",
                 base + "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af%3A1/policy",
                 note="escaped path, encoded twice")
    yield vector("header", "lambda", "us-east-1", "GET", base + "/2015-03-31/functions/?MaxItems=10000&Marker=a%2Fb%3D",
                 note="slash at the end, escaped query")
    yield vector("header", "lambda", "us-east-1", "GET", base + "/a//b/./c/../d/", note="path to normalize")
    yield vector("header", "lambda", "us-east-1", "GET", base + "/x?b=2&a=1&a=0&A=3&c", note="query to sort")
    yield vector("header", "apigateway", "us-east-1", "DELETE",
                 "https://apigateway.us-east-1.amazonaws.com/tags/arn%3Aaws%3Aapigateway?tagKeys=a&tagKeys=b%20c",
                 note="repeated parameter")
    yield vector("header", "execute-api", "us-east-1", "POST",
                 "https://abc123.execute-api.us-east-1.amazonaws.com/dev/items", {"X-Custom": "  a   b  "}, b"{}",
                 note="header with runs of spaces")
    yield vector("header", "s3", "us-east-1", "PUT", "https://b.s3.amazonaws.com/a%20b/%2B~/c%3Ad",
                 {"Content-Type": "text/plain", "x-amz-acl": "private"}, b"hello", note="S3 key, encoded once")
    yield vector("header", "s3", "us-east-1", "GET", "https://s3.amazonaws.com/b/a//./b?list-type=2&prefix=x%2Fy",
                 note="S3 key that looks like a path to normalize")
    yield vector("header", "s3", "us-east-1", "GET", "https://s3.amazonaws.com/b?acl", token=TOKEN, note="sub-resource")
    yield vector("query", "s3", "us-east-1", "GET", "https://b.s3.amazonaws.com/key%20with%20spaces",
                 note="presigned S3")
    yield vector("query", "s3", "us-east-1", "PUT", "https://b.s3.amazonaws.com/k?x-id=PutObject", token=TOKEN,
                 note="presigned S3 with token and parameter")
    yield vector("query", "sts", "us-east-1", "GET",
                 "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", note="presigned STS")
    yield vector("query", "execute-api", "us-east-1", "GET",
                 "https://abc123.execute-api.us-east-1.amazonaws.com/dev/items?q=%C3%A9", token=TOKEN,
                 note="presigned API call")


def drawn(count):
    rng = random.Random(4566)
    unreserved = "abcXYZ019-_.~"
    segments = ["", ".", "..", "a", "b%20c", "%2F", "%C3%A9", "x~y", "arn%3Aaws", "%25", "K-1_2.3"]
    escapes = ["%20", "%2B", "%3D", "%26", "%C3%A9", "%2F", "%25", "%3A"]

    def text(most):
        return "".join(rng.choice([rng.choice(unreserved), rng.choice(escapes)]) for _ in range(rng.randint(0, most)))

    for _ in range(count):
        form = rng.choice(["header", "header", "query"])
        service = rng.choice(["dynamodb", "lambda", "s3", "iam", "execute-api", "sqs"])
        region = "us-east-1" if service == "iam" else rng.choice(["us-east-1", "eu-central-1", "ap-southeast-2"])
        method = rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"])
        path = "/" + "/".join(rng.choice(segments) for _ in range(rng.randint(0, 5)))
        query = "&".join(f"{text(5) or 'k'}={text(8)}" for _ in range(rng.randint(0, 5)))
        body = b"" if form == "query" or method in ("GET", "HEAD") else rng.randbytes(rng.randint(0, 40))
        headers = {f"X-Amz-Meta-{rng.randint(0, 99)}": f"v {rng.randint(0, 9)}   w" for _ in range(rng.randint(0, 3))}
        token = rng.choice([None, TOKEN])
        url = f"https://{service}.{region}.amazonaws.com{path}" + (f"?{query}" if query else "")
        yield vector(form, service, region, method, url, headers, body, token)


vectors = [*chosen(), *drawn(120)]
meta = {"botocore": botocore.__version__, "at": AT.strftime("%Y%m%dT%H%M%SZ"), "access_key_id": KEY[0],
        "secret_access_key": KEY[1], "expires_s": EXPIRES}
lines = ",\n".join(json.dumps(one) for one in vectors)
print(json.dumps(meta)[:-1] + ', "vectors": [\n' + lines + "\n]}")
