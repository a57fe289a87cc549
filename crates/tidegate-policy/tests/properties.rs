//! What holds for all policies: the parser takes any text without a panic, and a deny never lets anyone in.

use proptest::prelude::*;
use tidegate_policy::{Caller, Keys, Kind, Policies, Policy, Request, evaluate};

const KINDS: [Kind; 3] = [Kind::Identity, Kind::Resource, Kind::Trust];

/// JSON that often looks like a policy, and often like none.
fn jsonish() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Version",
        "2012-10-17",
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "NotAction",
        "Resource",
        "Principal",
        "Condition",
        "StringLike",
        "ForAllValues:NumericLessThan",
        "s3:*",
        "*",
        "${aws:username",
        "arn:aws:s3:::${a,'",
        "é",
    ]);
    let leaf = prop_oneof![words.clone().prop_map(|w| format!("{w:?}")), any::<i32>().prop_map(|n| n.to_string())];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|v| format!("[{}]", v.join(","))),
            prop::collection::vec((words.clone(), inner), 0..4).prop_map(|v| {
                let pairs: Vec<String> = v.into_iter().map(|(k, v)| format!("{k:?}:{v}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}

fn action() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:?etObject", "iam:*", "S3:PUTOBJECT"])
        .prop_map(str::to_owned)
}

fn target() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::${aws:username}/*",
        "arn:aws:s3:::${aws:none}/*",
        "arn:aws:s3:::${aws:none, 'b'}/k",
        "arn:aws:s3:::?/k",
    ])
    .prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "{}",
        r#"{"StringEquals":{"aws:username":"b"}}"#,
        r#"{"StringNotEquals":{"aws:username":"b"}}"#,
        r#"{"Null":{"aws:none":"true"}}"#,
        r#"{"ForAnyValue:StringLike":{"aws:TagKeys":["a*"]}}"#,
        r#"{"NumericGreaterThanIfExists":{"aws:none":1}}"#,
    ])
    .prop_map(str::to_owned)
}

prop_compose! {
    fn statement(effect: &'static str)(action in action(), not in any::<bool>(), target in target(), other in any::<bool>(), condition in condition()) -> String {
        let (action_name, target_name) = (if not { "NotAction" } else { "Action" }, if other { "NotResource" } else { "Resource" });
        format!(r#"{{"Effect":"{effect}","{action_name}":"{action}","{target_name}":"{target}","Condition":{condition}}}"#)
    }
}

fn policy(statements: &[String]) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    Policy::parse(&text, Kind::Identity).expect("the generator makes good policies")
}

fn allows(policies: &[&Policy], boundary: Option<&Policy>, action: &str, resource: &str) -> bool {
    let mut keys: Keys = [("aws:username", "b")].into_iter().collect();
    keys.set_all("aws:TagKeys", vec!["a1".to_owned(), "c".to_owned()]);
    let caller = Caller::User { arn: "arn:aws:iam::111111111111:user/b", account: "111111111111" };
    let request = Request { action, resource, resource_account: None, caller, keys: &keys };
    evaluate(&request, &Policies { identity: policies.to_vec(), boundary, ..Policies::default() }).is_allow()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_parser_takes_any_text(text in ".{0,200}") {
        for kind in KINDS {
            let _ = Policy::parse(&text, kind);
        }
    }

    #[test]
    fn the_parser_takes_any_json(text in jsonish()) {
        for kind in KINDS {
            let _ = Policy::parse(&text, kind);
        }
    }

    #[test]
    fn patterns_take_any_text(pattern in "[*?$a{}:/'é, ]{0,24}", text in "[a:/é]{0,24}") {
        let document = serde_json::json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": pattern,
            "Condition": {"ArnLike": {"a:a": pattern}, "StringLike": {"a:a": pattern}, "StringEquals": {"a:a": pattern}}}});
        let policy = Policy::parse(&document.to_string(), Kind::Resource).unwrap();
        let keys: Keys = [("a:a", text.clone())].into_iter().collect();
        let request = Request { action: "s3:x", resource: &text, resource_account: None, caller: Caller::Anonymous, keys: &keys };
        let _ = evaluate(&request, &Policies { resource: Some(&policy), ..Policies::default() });
    }

    #[test]
    fn wildcards_match_what_they_were_made_from(text in "[a-c:/]{1,12}", cut in 0usize..12) {
        let cut = cut.min(text.len());
        let pattern = format!("arn:aws:s3:::{}*", &text[..cut]);
        let policy = policy(&[format!(r#"{{"Effect":"Allow","Action":"*","Resource":"{pattern}"}}"#)]);
        let resource = format!("arn:aws:s3:::{text}");
        prop_assert!(allows(&[&policy], None, "s3:GetObject", &resource));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn a_deny_never_lets_in(
        allow in prop::collection::vec(statement("Allow"), 1..4),
        deny in prop::collection::vec(statement("Deny"), 1..3),
        boundary in prop::option::of(statement("Allow")),
        resource in prop::sample::select(vec!["arn:aws:s3:::b/k", "arn:aws:s3:::c/k", "*"]),
        apart in any::<bool>(),
        action in prop::sample::select(vec!["s3:GetObject", "s3:PutObject", "iam:PassRole"]),
    ) {
        let boundary = boundary.map(|s| policy(&[s]));
        let before = policy(&allow);
        let denies = policy(&deny);
        let both = policy(&[allow, deny].concat());
        let without = allows(&[&before], boundary.as_ref(), action, resource);
        let with = if apart { vec![&before, &denies] } else { vec![&both] };
        let with = allows(&with, boundary.as_ref(), action, resource);
        prop_assert!(without || !with, "{action} on {resource}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for kind in KINDS {
        assert!(Policy::parse(&deep, kind).is_err());
    }
}
