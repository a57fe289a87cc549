//! What IAM says of a resource that is no ARN, in the order in which IAM looks.

use crate::Malformed;

const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

const IAM_KINDS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

/// Checks a `Resource` or `NotResource` value of an identity policy.
pub(crate) fn check(text: &str) -> Result<(), Malformed> {
    if text == "*" {
        return Ok(());
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let Some(partition) = parts.get(1) else { return Err(Malformed::NotArn(text.to_owned())) };
    if *partition != "*" && !PARTITIONS.contains(partition) {
        return Err(Malformed::BadPartition((*partition).to_owned(), completed(partition, &parts[2..])));
    }
    match parts.as_slice() {
        [_, _] | [_, _, "", ..] => Err(Malformed::NoResourceVendor),
        [_, _, "iam", "", _, resource] if !is_iam(resource) => Err(Malformed::BadIamPath),
        [_, _, "iam", region, ..] if !region.is_empty() && *region != "*" => Err(Malformed::IamRegion(text.to_owned())),
        _ => Ok(()),
    }
}

/// Whether an ARN is so short that IAM's older parser gives up on it.
pub(crate) fn is_legacy(text: &str) -> bool {
    text != "*" && text.matches(':').count() < 5 && text.contains("::")
}

fn is_iam(resource: &str) -> bool {
    resource.starts_with('*') || resource == "root" || IAM_KINDS.iter().any(|kind| resource.starts_with(kind))
}

/// The ARN with `*` for each part that is missing, as IAM shows it.
fn completed(partition: &str, rest: &[&str]) -> String {
    let part = |n: usize| rest.get(n).copied().unwrap_or("*");
    format!("arn:{partition}:{}:{}:{}:{}", part(0), part(1), part(2), part(3))
}
