//! A policy document in the first line; an action, a resource and a key's value in the three behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_policy::{Caller, Keys, Kind, Policies, Policy, Request, evaluate};

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(4, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (document, action, resource, value) = (next(), next(), next(), next());
    let keys: Keys = [("aws:username", value), ("aws:SourceIp", value), ("k", value)].into_iter().collect();
    let caller = Caller::User { arn: "arn:aws:iam::111111111111:user/a", account: "111111111111" };
    let request = Request { action, resource, resource_account: None, caller, keys: &keys };
    if let Ok(policy) = Policy::parse(document, Kind::Identity) {
        let alone = evaluate(&request, &Policies { identity: vec![&policy], ..Policies::default() });
        let bound = Policies { identity: vec![&policy], boundary: Some(&policy), ..Policies::default() };
        assert_eq!(evaluate(&request, &bound), alone, "a policy that bounds itself changes nothing");
    }
    for kind in [Kind::Resource, Kind::Trust] {
        if let Ok(policy) = Policy::parse(document, kind) {
            let _ = evaluate(&request, &Policies { resource: Some(&policy), ..Policies::default() });
        }
    }
});
