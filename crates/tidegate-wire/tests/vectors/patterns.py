"""Makes patterns.json: which of some texts each pattern of the models matches, as Python's `re` sees it. Python means by
ASCII classes, look-around and back-references what Java means; it has no Unicode properties, so patterns with such are
left out.

    python3 crates/tidegate-wire/tests/vectors/patterns.py
"""

import json
import pathlib
import re

HERE = pathlib.Path(__file__).parent
TABLES = HERE / "../../../tidegate-model/data"

TEXTS = [
    "", "a", "A", "0", "-", "_", ".", "/", "$", " ", "\n", "é", "٣", "a\n", "ab", "a b", "a-b", "a--b", "a_b", "a.b", "a.",
    "abc-123", "ABC_def.9", "12345", "123456789012", "v1", "$LATEST", "system.users", "a@b.c", "a+b=c,d", "a:b", "a/b",
    "/a/b/", "/", "//", "#/x", "{a}", "[a]", "a|b", "a\\b", "a~b", "a&b", "a*b", "a%b", "a'b", 'a"b', "<a>", "x" * 64,
    "x" * 300, "2026-11-21", "2026-11-21T09:30:00Z", "20261121", "2026-W47-6", "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
    "us-east-1", "us-east-1_AbCdEfGhI", "arn:aws:iam::123456789012:role/service-role/r",
    "arn:aws:lambda:us-east-1:123456789012:function:my-fn", "arn:aws:lambda:us-east-1:123456789012:function:my-fn:12",
    "arn:aws:lambda:us-east-1:123456789012:function:my-fn:live", "my-fn:live", "my-fn:12", "function:my-fn", "123:my-fn",
    "arn:aws:lambda:us-east-1:123456789012:layer:l:3", "arn:aws:s3:::bucket/key", "https://example.com/a?b=c#d",
    "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-11-21T09:30:00.000",
    "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f", "o-abcdefghij", "p-12345678", "sg-0a1b",
    "subnet-0a1b", "vpc-0a1b", "1-58406520-a006649127e371903a2de979", "alias/aws/lambda", "rate(5 minutes)", "user@example.com",
    "10.0.0.0/8", "nodejs20.x", "index.handler", "+15551234567", "zz_ZZ.9-9", "-a", "a-", "0-a", "A1B2", "==", "YWJj",
]


def patterns():
    rows = (line for table in sorted(TABLES.glob("*.tsv")) for line in table.read_text().splitlines())
    cells = (cell for row in rows for cell in row.split("\t"))
    return sorted({cell.removeprefix("pattern=") for cell in cells if cell.startswith("pattern=")})


def mask(pattern):
    """One letter per text: y or n."""
    # Java takes the dash behind a class for itself; Python insists on the escape.
    compiled = re.compile(re.sub(r"(\\[wds])-(?=[^\]])", r"\1\\-", pattern), re.ASCII)
    return "".join("y" if compiled.fullmatch(text) else "n" for text in TEXTS)


def main():
    plain = [p for p in patterns() if "\\p{" not in p and "\\uD800" not in p]
    lines = ",\n".join(json.dumps([p, mask(p)]) for p in plain)
    (HERE / "patterns.json").write_text(f'{{"texts": {json.dumps(TEXTS)},\n"patterns": [\n{lines}\n]}}\n')
    print(len(plain), "patterns")


if __name__ == "__main__":
    main()
