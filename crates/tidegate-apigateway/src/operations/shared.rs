//! What several operations have in common: ARNs, and the permission to pass a role.

use tidegate_core::{Check, Context};
use tidegate_types::Arn;

/// `arn:aws:apigateway:REGION::/PATH`, the resource of `apigateway:` actions.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
pub(super) fn arn(cx: &Context, path: impl std::fmt::Display) -> String {
    Arn::accountless("apigateway", &cx.region, path).to_string()
}

/// The operation's own check, and `iam:PassRole` for a role that it hands to API Gateway.
pub(super) fn with_pass_role(own: Check, role_arn: Option<&str>) -> Vec<Check> {
    let passed = role_arn.filter(|arn| !arn.is_empty() && !arn.ends_with(":user/*"));
    let pass = passed.map(|arn| Check::pass_role(arn, "apigateway.amazonaws.com"));
    std::iter::once(own).chain(pass).collect()
}
