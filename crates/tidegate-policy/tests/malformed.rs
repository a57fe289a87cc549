//! Documents that are no policies, and what IAM says of each.

use tidegate_policy::{Kind, Policy};

fn refusal(document: &str, kind: Kind) -> String {
    Policy::parse(document, kind).map_or_else(|m| m.to_string(), |_| "accepted".to_owned())
}

/// An identity policy with one statement of these elements.
fn one(elements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":{{{elements}}}}}"#)
}

const SYNTAX: &str = "Syntax errors in policy.";
const VERSION: &str = "Policy document must be version 2012-10-17 or greater.";
const NO_ACTIONS: &str = "Policy statement must contain actions.";
const NO_RESOURCES: &str = "Policy statement must contain resources.";
const NO_VENDOR: &str = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
const IAM_PATH: &str = "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.";

#[test]
fn identity_documents() {
    let good = r#"{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}"#;
    let cases = [
        ("This is not a json document".to_owned(), SYNTAX),
        ("[]".to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17","Statement":["afd"]}"#.to_owned(), SYNTAX),
        (format!(r#"{{"Statement":{good}}}"#), VERSION),
        (format!(r#"{{"Version":"2008-10-17","Statement":{good}}}"#), VERSION),
        (format!(r#"{{"Version":"2013-10-17","Statement":{good}}}"#), SYNTAX),
        (format!(r#"{{"Version":2012,"Statement":{good}}}"#), SYNTAX),
        (format!(r#"{{"Version":"2012-10-17","Extra":"x","Statement":{good}}}"#), SYNTAX),
        (format!(r#"{{"Version":"2012-10-17","Id":[],"Statement":{good}}}"#), SYNTAX),
        (format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":[{good}]}}"#), "accepted"),
    ];
    for (document, expect) in cases {
        assert_eq!(refusal(&document, Kind::Identity), expect, "{document}");
    }
}

#[test]
fn identity_statements() {
    let cases = [
        (r#""Effect":"Allow","Action":"*","Resource":"*""#, "accepted"),
        (r#""Effect":"Allow","NotAction":["iam:*"],"NotResource":["arn:aws:s3:::b/*"]"#, "accepted"),
        (r#""Effect":"allow","Action":"*","Resource":"*""#, SYNTAX),
        (r#""Action":"*","Resource":"*""#, SYNTAX),
        (r#""Effect":"Allow","Action":"*","Resource":"*","Extra":1"#, SYNTAX),
        (r#""Effect":"Allow","Action":{},"Resource":"*""#, SYNTAX),
        (r#""Effect":"Allow","Action":[[]],"Resource":"*""#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*""#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":[]"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":{"a":"*"}"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":["*",{}]"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":[]"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":"b"}"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"a":{}}}"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Nothing":{"a":"b"}}"#, SYNTAX),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericEquals":{"a":"b"}}"#, SYNTAX),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}"#,
            SYNTAX,
        ),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateEquals":{"aws:CurrentTime":"soon"}}"#,
            "The policy failed legacy parsing",
        ),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3::b""#, "The policy failed legacy parsing"),
        (r#""Effect":"Allow","Resource":"*""#, NO_ACTIONS),
        (r#""Effect":"Allow""#, NO_ACTIONS),
        (r#""Effect":"Allow","Action":[],"Resource":"*""#, NO_ACTIONS),
        (r#""Effect":"Allow","Action":"invalid""#, NO_RESOURCES),
        (r#""Effect":"Allow","Action":"s3:*","Resource":[]"#, NO_RESOURCES),
        (r#""Effect":"Allow","Action":"invalid","Resource":"*""#, NO_VENDOR),
        (r#""Effect":"Allow","NotAction":"","Resource":"*""#, NO_VENDOR),
        (r#""Effect":"Allow","Action":"a a:List","Resource":"*""#, "Vendor a a is not valid"),
        (r#""Effect":"Allow","Action":"s3:List:B","Resource":"*""#, "Actions/Condition can contain only one colon."),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"some text""#,
            "Resource some text must be in ARN format or \"*\".",
        ),
        (r#""Effect":"Allow","Action":"s:3:L","Resource":"""#, "Resource  must be in ARN format or \"*\"."),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"a:bs""#,
            "Partition \"bs\" is not valid for resource \"arn:bs:*:*:*:*\".",
        ),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"aws:s3:::b""#,
            "Partition \"s3\" is not valid for resource \"arn:s3:::b:*\".",
        ),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"a:b:c:d:e:f:g:h""#,
            "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\".",
        ),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws""#,
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam:::x""#, IAM_PATH),
        (
            r#""Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*""#,
            "Policy document should not specify a principal.",
        ),
        (
            r#""Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*""#,
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
        (r#""Sid":1,"Effect":"Allow","Action":"s3:*","Resource":"*""#, SYNTAX),
    ];
    for (elements, expect) in cases {
        assert_eq!(refusal(&one(elements), Kind::Identity), expect, "{elements}");
    }
}

#[test]
fn statement_ids_are_unique() {
    let s = r#"{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"}"#;
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{s},{s}]}}"#);
    assert_eq!(refusal(&document, Kind::Identity), "Statement IDs (SID) in a single policy must be unique.");
}

#[test]
fn trust_documents() {
    let cases = [
        (r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole""#, "accepted"),
        (
            r#""Effect":"Allow","Principal":{"AWS":["123456789012","arn:aws:iam::123456789012:role/a/b"]},"Action":["sts:AssumeRole","sts:TagSession"]"#,
            "accepted",
        ),
        (r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#, "accepted"),
        (r#""Effect":"Allow","Action":"sts:AssumeRole""#, "Missing required field Principal"),
        (
            r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*""#,
            "Has prohibited field Resource",
        ),
        (
            r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"lambda:InvokeFunction""#,
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            r#""Effect":"Allow","Principal":{"Service":"lambda"},"Action":"sts:AssumeRole""#,
            "Invalid principal in policy: \"SERVICE\":\"lambda\"",
        ),
        (
            r#""Effect":"Allow","Principal":{"AWS":"alice"},"Action":"sts:AssumeRole""#,
            "Invalid principal in policy: \"AWS\":\"alice\"",
        ),
        (
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/*"},"Action":"sts:AssumeRole""#,
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:user/*\"",
        ),
        (r#""Effect":"Allow","Principal":{"Everybody":"x"},"Action":"sts:AssumeRole""#, SYNTAX),
        (r#""Effect":"Allow","Principal":{},"Action":"sts:AssumeRole""#, SYNTAX),
    ];
    for (elements, expect) in cases {
        let document = one(elements).replace("2012-10-17", "2008-10-17");
        assert_eq!(refusal(&document, Kind::Trust), expect, "{elements}");
    }
    assert_eq!(refusal("{", Kind::Trust), "This policy contains invalid Json");
}

#[test]
fn resource_documents() {
    let with = r#""Sid":"my-api.permission_1","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f""#;
    assert_eq!(refusal(&one(with), Kind::Resource), "accepted");
    let without = r#""Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*""#;
    assert_eq!(refusal(&one(without), Kind::Resource), "Missing required field Principal");
    let huge = format!("{}{}", one(with), " ".repeat(140_000));
    assert_eq!(refusal(&huge, Kind::Resource), "Policy document is too large.");
}
