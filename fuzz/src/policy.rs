//! Policy documents of every kind, and what follows from them.

use crate::lines;
use serde_json::{Value, json};
use tidegate_policy::{Caller, Keys, Kind, Policies, Policy, Request, evaluate};

const CALLER: Caller<'static> = Caller::User { arn: "arn:aws:iam::111111111111:user/a", account: "111111111111" };

fn keys(value: &str) -> Keys {
    let mut keys: Keys = [("aws:username", value), ("aws:SourceIp", value), ("k", value)].into_iter().collect();
    keys.set_all("many", value.split(' ').map(str::to_owned).collect());
    keys
}

/// A policy document in the first line; an action, a resource and a key's value in the three behind it.
pub fn document(text: &str) {
    let [document, action, resource, value] = lines(text);
    let keys = keys(value);
    let request = Request { action, resource, resource_account: None, caller: CALLER, keys: &keys };
    let Ok(policy) = Policy::parse(document, Kind::Identity) else { return };
    let alone = evaluate(&request, &Policies { identity: vec![&policy], ..Policies::default() });
    let bound = Policies { identity: vec![&policy], boundary: Some(&policy), ..Policies::default() };
    assert_eq!(evaluate(&request, &bound), alone, "a policy that bounds itself changes nothing");
    if let Some(denying) = with_deny(document) {
        let more = Policies { identity: vec![&policy, &denying], ..Policies::default() };
        assert!(!evaluate(&request, &more).is_allow() || alone.is_allow(), "a deny has allowed something");
    }
}

/// The document with every statement denying.
fn with_deny(document: &str) -> Option<Policy> {
    let mut document: Value = serde_json::from_str(document).ok()?;
    match document.get_mut("Statement")? {
        Value::Array(all) => all.iter_mut().filter_map(|one| one.get_mut("Effect")).for_each(|e| *e = json!("Deny")),
        one => *one.get_mut("Effect")? = json!("Deny"),
    }
    Policy::parse(&document.to_string(), Kind::Identity).ok()
}

/// A trust or resource policy in the first line; an action, a resource and a key's value in the three behind it.
pub fn trust(text: &str) {
    let [document, action, resource, value] = lines(text);
    let keys = keys(value);
    let callers = [
        CALLER,
        Caller::Root { account: "111111111111" },
        Caller::Service("apigateway.amazonaws.com"),
        Caller::Anonymous,
    ];
    for kind in [Kind::Resource, Kind::Trust] {
        let Ok(policy) = Policy::parse(document, kind) else { continue };
        for caller in callers {
            let request = Request { action, resource, resource_account: Some("222222222222"), caller, keys: &keys };
            let _ = evaluate(&request, &Policies { resource: Some(&policy), ..Policies::default() });
        }
    }
}

/// An operator, a key and two values of the policy, one per line, then the request's value.
pub fn condition(text: &str) {
    let [operator, key, one, other, value] = lines(text);
    let keys = keys(value);
    let request = Request {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        resource_account: None,
        caller: CALLER,
        keys: &keys,
    };
    let decide = |operator: &str, version: &str| {
        let statement =
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: [one, other]}}});
        let document = json!({"Version": version, "Statement": statement}).to_string();
        let policy = Policy::parse(&document, Kind::Identity).ok()?;
        Some(evaluate(&request, &Policies { identity: vec![&policy], ..Policies::default() }).is_allow())
    };
    let _ = decide(operator, "2008-10-17");
    let found = decide(operator, "2012-10-17");
    if let (Some(holds), Some(lenient)) = (found, decide(&format!("{operator}IfExists"), "2012-10-17")) {
        assert!(!holds || lenient, "IfExists asks for more");
    }
}
