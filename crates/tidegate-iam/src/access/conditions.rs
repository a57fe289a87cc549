//! The global condition keys of a request.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use tidegate_core::{Check, ConditionValues, Context, Principal, PrincipalKind};
use tidegate_policy::Keys;

/// Everything that is known of a request; what the check says goes before what is known anyway.
pub(super) fn of_request(cx: &Context, check: &Check) -> Keys {
    let mut keys = of_principal(&cx.principal);
    let now = cx.clock().now();
    keys.set("aws:CurrentTime", now.iso8601());
    keys.set("aws:EpochTime", (now.as_ms() / 1000).to_string());
    keys.set("aws:RequestedRegion", cx.region.as_str());
    keys.set("aws:ResourceAccount", owner(&check.resource).unwrap_or(cx.account.as_str()));
    keys.set("aws:SecureTransport", cx.secure.to_string());
    if !matches!(cx.principal.kind, PrincipalKind::Service { .. }) {
        keys.set("aws:SourceIp", cx.source_ip.to_canonical().to_string());
    }
    if !cx.user_agent.is_empty() {
        keys.set("aws:UserAgent", &*cx.user_agent);
    }
    add(&mut keys, &check.conditions);
    keys
}

/// The account in a resource's ARN, if it names one.
fn owner(resource: &str) -> Option<&str> {
    resource.split(':').nth(4).filter(|account| account.len() == 12)
}

/// Adds keys, in place of those of the same name.
pub(super) fn add(keys: &mut Keys, conditions: &ConditionValues) {
    conditions.iter().for_each(|(key, values)| keys.set_all(key, values.clone()));
}

/// What is known of who asks.
pub(super) fn of_principal(principal: &Principal) -> Keys {
    let mut keys = Keys::new();
    let service = matches!(principal.kind, PrincipalKind::Service { .. });
    keys.set("aws:PrincipalIsAWSService", service.to_string());
    keys.set("aws:ViaAWSService", "false");
    match &principal.kind {
        PrincipalKind::Service { name } => keys.set("aws:PrincipalServiceName", name),
        PrincipalKind::Anonymous => keys.set("aws:PrincipalType", "Anonymous"),
        kind => {
            keys.set("aws:PrincipalType", type_of(kind));
            keys.set("aws:PrincipalArn", principal.principal_arn());
            keys.set("aws:PrincipalAccount", principal.account.as_str());
            keys.set("aws:userid", principal.user_id());
        }
    }
    if let PrincipalKind::User { path_and_name, .. } = &principal.kind {
        keys.set("aws:username", path_and_name.rsplit('/').next().unwrap_or_default());
    }
    if principal.access_key_id.starts_with("ASIA") {
        // Sessions say so even where no second factor was asked for; long-term keys say nothing.
        keys.set("aws:MultiFactorAuthPresent", "false");
    }
    principal.tags.iter().for_each(|(key, value)| keys.set(format!("aws:PrincipalTag/{key}"), value));
    keys
}

fn type_of(kind: &PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Root => "Account",
        PrincipalKind::User { .. } => "User",
        PrincipalKind::AssumedRole { .. } => "AssumedRole",
        PrincipalKind::Service { .. } | PrincipalKind::Anonymous => "Anonymous",
    }
}
