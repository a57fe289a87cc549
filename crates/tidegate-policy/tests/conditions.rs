//! Every condition operator against requests that meet it and requests that do not. Meanings are those of
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.

use tidegate_policy::{Caller, Keys, Kind, Policies, Policy, Request, evaluate};

/// Whether a policy with this condition allows a request with these values of key `k:k` (`None`: no such key).
fn holds(condition: &str, values: Option<&[&str]>) -> bool {
    let document = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}}}"#
    );
    let policy = Policy::parse(&document, Kind::Identity).expect(condition);
    let mut keys: Keys = [("aws:username", "alice"), ("aws:PrincipalTag/team", "red")].into_iter().collect();
    if let Some(values) = values {
        keys.set_all("K:k", values.iter().map(|v| (*v).to_owned()).collect());
    }
    let caller = Caller::User { arn: "arn:aws:iam::000000000000:user/alice", account: "000000000000" };
    let request = Request { action: "s3:GetObject", resource: "*", resource_account: None, caller, keys: &keys };
    evaluate(&request, &Policies { identity: vec![&policy], ..Policies::default() }).is_allow()
}

/// Operator, policy value (JSON), request value, whether it holds.
const SINGLE: &[(&str, &str, &str, bool)] = &[
    ("StringEquals", r#""a""#, "a", true),
    ("StringEquals", r#""a""#, "A", false),
    ("StringEquals", r#""a*""#, "ab", false),
    ("StringEquals", r#"["x","a"]"#, "a", true),
    ("StringEquals", r#""${aws:username}""#, "alice", true),
    ("StringEquals", r#""${aws:username}""#, "bob", false),
    ("StringEquals", r#""${aws:none}""#, "${aws:none}", false),
    ("StringEquals", r#""${aws:none, 'x'}""#, "x", true),
    ("StringNotEquals", r#""a""#, "b", true),
    ("StringNotEquals", r#"["a","b"]"#, "b", false),
    ("StringEqualsIgnoreCase", r#""aB""#, "Ab", true),
    ("StringEqualsIgnoreCase", r#""aB""#, "Abc", false),
    ("StringNotEqualsIgnoreCase", r#""aB""#, "Ab", false),
    ("StringNotEqualsIgnoreCase", r#""aB""#, "c", true),
    ("StringLike", r#""a*c""#, "abbc", true),
    ("StringLike", r#""a?c""#, "abbc", false),
    ("StringLike", r#""${aws:PrincipalTag/team}-*""#, "red-1", true),
    ("StringNotLike", r#""a*""#, "b", true),
    ("StringNotLike", r#""a*""#, "ab", false),
    ("NumericEquals", "5", "5.0", true),
    ("NumericEquals", r#""5""#, "6", false),
    ("NumericEquals", r#""5""#, "five", false),
    ("NumericNotEquals", "5", "6", true),
    ("NumericNotEquals", "5", "5", false),
    ("NumericLessThan", "5", "4.9", true),
    ("NumericLessThan", "5", "5", false),
    ("NumericLessThanEquals", "5", "5", true),
    ("NumericLessThanEquals", "5", "6", false),
    ("NumericGreaterThan", "5", "6", true),
    ("NumericGreaterThan", "5", "5", false),
    ("NumericGreaterThanEquals", "5", "5", true),
    ("NumericGreaterThanEquals", "5", "4", false),
    ("DateEquals", r#""2026-11-21T00:00:00Z""#, "2026-11-21T01:00:00+01:00", true),
    ("DateEquals", r#""2026-11-21""#, "2026-11-21T00:00:01Z", false),
    ("DateNotEquals", r#""2026-11-21""#, "2026-11-22T00:00:00Z", true),
    ("DateNotEquals", r#""2026-11-21""#, "2026-11-21T00:00:00Z", false),
    ("DateLessThan", r#""2026-11-21T09:00:00Z""#, "2026-11-21T08:59:59Z", true),
    ("DateLessThan", r#""2026-11-21T09:00:00Z""#, "2026-11-21T09:00:00Z", false),
    ("DateLessThanEquals", r#""2026-11-21T09:00:00Z""#, "2026-11-21T09:00:00Z", true),
    ("DateLessThanEquals", r#""2026-11-21T09:00:00Z""#, "2026-11-21T09:00:01Z", false),
    ("DateGreaterThan", "1795253400", "1795253401", true),
    ("DateGreaterThan", r#""1795253400""#, "1795253400", false),
    ("DateGreaterThanEquals", r#""1795253400""#, "2026-11-21T09:30:00Z", true),
    ("DateGreaterThanEquals", r#""1795253400""#, "2026-11-21T09:29:59Z", false),
    ("Bool", r#""true""#, "true", true),
    ("Bool", "true", "True", true),
    ("Bool", "true", "false", false),
    ("BinaryEquals", r#""QmluYXJ5""#, "QmluYXJ5", true),
    ("BinaryEquals", r#""QmluYXJ5""#, "QmluYXJ6", false),
    ("IpAddress", r#""203.0.113.0/24""#, "203.0.113.9", true),
    ("IpAddress", r#""203.0.113.0/24""#, "203.0.114.9", false),
    ("IpAddress", r#""203.0.113.9""#, "203.0.113.9", true),
    ("IpAddress", r#""0.0.0.0/0""#, "8.8.8.8", true),
    ("IpAddress", r#""2001:db8::/32""#, "2001:db8::1", true),
    ("IpAddress", r#""2001:db8::/32""#, "203.0.113.9", false),
    ("IpAddress", r#""203.0.113.0/24""#, "::ffff:203.0.113.9", true),
    ("IpAddress", r#""203.0.113.0/24""#, "nonsense", false),
    ("NotIpAddress", r#""203.0.113.0/24""#, "203.0.113.9", false),
    ("NotIpAddress", r#""203.0.113.0/24""#, "198.51.100.9", true),
    ("ArnEquals", r#""arn:aws:sns:*:*:t""#, "arn:aws:sns:us-east-1:000000000000:t", true),
    (
        "ArnLike",
        r#""arn:aws:execute-api:us-east-1:000000000000:abc/*/*/items""#,
        "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/items",
        true,
    ),
    (
        "ArnLike",
        r#""arn:aws:execute-api:us-east-1:000000000000:abc/*""#,
        "arn:aws:execute-api:us-east-1:000000000000:abd/x",
        false,
    ),
    ("ArnLike", r#""arn:aws:s3:::*""#, "arn:aws:s3:us-east-1::b", false),
    ("ArnLike", r#""arn:aws:*:b""#, "arn:aws:s3:::b", false),
    ("ArnLike", r#""*""#, "arn:aws:s3:::b", true),
    ("ArnLike", r#""arn:aws:iam::*:user/${aws:username}""#, "arn:aws:iam::000000000000:user/alice", true),
    ("ArnNotEquals", r#""arn:aws:s3:::b""#, "arn:aws:s3:::c", true),
    ("ArnNotEquals", r#""arn:aws:s3:::b""#, "arn:aws:s3:::b", false),
    ("ArnNotLike", r#""arn:aws:s3:::b*""#, "arn:aws:s3:::bc", false),
    ("ArnNotLike", r#""arn:aws:s3:::b*""#, "arn:aws:s3:::c", true),
    ("Null", r#""false""#, "x", true),
    ("Null", r#""true""#, "x", false),
];

#[test]
fn each_operator() {
    for (operator, policy, value, expect) in SINGLE {
        let condition = format!(r#"{{"{operator}":{{"k:k":{policy}}}}}"#);
        assert_eq!(holds(&condition, Some(&[value])), *expect, "{condition} with {value}");
    }
}

#[test]
fn absent_keys() {
    let cases = [
        ("StringEquals", r#""a""#, false),
        ("StringNotEquals", r#""a""#, true),
        ("StringEqualsIfExists", r#""a""#, true),
        ("StringNotEqualsIfExists", r#""a""#, true),
        ("StringLike", r#""*""#, false),
        ("NumericLessThan", "5", false),
        ("NumericLessThanIfExists", "5", true),
        ("DateGreaterThanIfExists", r#""2026-11-21""#, true),
        ("Bool", r#""false""#, false),
        ("BoolIfExists", r#""true""#, true),
        ("IpAddress", r#""0.0.0.0/0""#, false),
        ("NotIpAddress", r#""0.0.0.0/0""#, true),
        ("ArnLike", r#""*""#, false),
        ("ArnLikeIfExists", r#""*""#, true),
        ("ArnNotLike", r#""*""#, true),
        ("Null", r#""true""#, true),
        ("Null", r#""false""#, false),
        ("ForAllValues:StringEquals", r#""a""#, true),
        ("ForAnyValue:StringEquals", r#""a""#, false),
        ("ForAnyValue:StringEqualsIfExists", r#""a""#, true),
    ];
    for (operator, policy, expect) in cases {
        let condition = format!(r#"{{"{operator}":{{"k:k":{policy}}}}}"#);
        assert_eq!(holds(&condition, None), expect, "{condition}");
        assert_eq!(holds(&condition, Some(&[])), expect, "{condition} with no value");
    }
}

#[test]
fn keys_with_several_values() {
    let cases: [(&str, &str, &[&str], bool); 10] = [
        ("ForAllValues:StringEquals", r#"["a","b"]"#, &["a", "b"], true),
        ("ForAllValues:StringEquals", r#"["a","b"]"#, &["a", "c"], false),
        ("ForAnyValue:StringEquals", r#"["a","b"]"#, &["c", "a"], true),
        ("ForAnyValue:StringEquals", r#"["a","b"]"#, &["c", "d"], false),
        ("ForAllValues:StringNotEquals", r#"["a","b"]"#, &["c", "d"], true),
        ("ForAllValues:StringNotEquals", r#"["a","b"]"#, &["c", "a"], false),
        ("ForAnyValue:StringNotEquals", r#"["a","b"]"#, &["c", "a"], true),
        ("ForAnyValue:StringNotEquals", r#"["a","b"]"#, &["b", "a"], false),
        ("ForAllValues:StringLike", r#"["user*"]"#, &["user1", "user2"], true),
        ("ForAnyValue:ArnLike", r#"["arn:aws:s3:::b*"]"#, &["x", "arn:aws:s3:::b1"], true),
    ];
    for (operator, policy, values, expect) in cases {
        let condition = format!(r#"{{"{operator}":{{"k:k":{policy}}}}}"#);
        assert_eq!(holds(&condition, Some(values)), expect, "{condition} with {values:?}");
    }
}

#[test]
fn all_conditions_must_hold() {
    let both = r#"{"StringEquals":{"k:k":"a","aws:username":"alice"},"StringLike":{"k:k":"*"}}"#;
    assert!(holds(both, Some(&["a"])));
    let one = r#"{"StringEquals":{"k:k":"a","aws:username":"bob"}}"#;
    assert!(!holds(one, Some(&["a"])));
}

#[test]
fn old_versions_have_no_variables() {
    let document = r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}"#;
    let policy = Policy::parse(document, Kind::Resource).unwrap();
    let keys: Keys = [("aws:username", "alice")].into_iter().collect();
    let allowed = |resource| {
        let request = Request {
            action: "s3:GetObject",
            resource,
            resource_account: None,
            caller: Caller::Anonymous,
            keys: &keys,
        };
        evaluate(&request, &Policies { resource: Some(&policy), ..Policies::default() }).is_allow()
    };
    assert!(!allowed("arn:aws:s3:::alice"));
    assert!(allowed("arn:aws:s3:::${aws:username}"));
}

#[test]
fn says_whether_keys_matter() {
    let cases = [
        (r#""Resource":"*""#, false),
        (r#""Resource":"arn:aws:s3:::b/*""#, false),
        (r#""Resource":"arn:aws:s3:::b/${aws:username}""#, true),
        (r#""Resource":"*","Condition":{}"#, false),
        (r#""Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}"#, true),
    ];
    for (elements, expect) in cases {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*",{elements}}}}}"#);
        assert_eq!(Policy::parse(&text, Kind::Identity).unwrap().uses_keys(), expect, "{elements}");
    }
}
