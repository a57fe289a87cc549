//! `SimulatePrincipalPolicy`: what a user or role may do, without doing it.

use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use crate::tables::{Role, User};
use crate::{Error, access, documents};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, ConditionValues, Context, Operation, Principal, PrincipalKind};
use tidegate_policy::{Decision, Denial};
use tidegate_types::Arn;

pub(crate) struct SimulatePrincipalPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy_source_arn: String,
    #[serde(default)]
    policy_input_list: Vec<String>,
    permissions_boundary_policy_input_list: Option<Vec<String>>,
    action_names: Vec<String>,
    resource_arns: Option<Vec<String>>,
    resource_policy: Option<String>,
    resource_owner: Option<String>,
    caller_arn: Option<String>,
    #[serde(default)]
    context_entries: Vec<Entry>,
    resource_handling_option: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    context_key_name: String,
    #[serde(default)]
    context_key_values: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Evaluation {
    eval_action_name: String,
    eval_resource_name: String,
    eval_decision: &'static str,
    matched_statements: [(); 0],
    missing_context_values: [(); 0],
}

impl Input {
    fn check_offered(&self) -> Result<(), Error> {
        let given = [
            (self.permissions_boundary_policy_input_list.is_some(), "PermissionsBoundaryPolicyInputList"),
            (self.resource_owner.is_some(), "ResourceOwner"),
            (self.caller_arn.is_some(), "CallerArn"),
            (self.resource_handling_option.is_some(), "ResourceHandlingOption"),
        ];
        given.into_iter().find(|(given, _)| *given).map_or(Ok(()), |(_, name)| Err(Error::NotOffered(name)))
    }
}

/// The user or role of an ARN, as a caller.
fn principal(iam: &Iam, cx: &Context, arn: &str) -> Result<Principal, Error> {
    let invalid = || Error::InvalidArn(arn.to_owned());
    let parsed: Arn = arn.parse().map_err(|_| invalid())?;
    let (kind, name) = parsed.resource().split_once('/').ok_or_else(invalid)?;
    let name = name.rsplit('/').next().unwrap_or_default();
    match kind {
        "role" => Ok(access::role_principal(
            cx.account.clone(),
            &iam.get::<Role>(cx, name)?,
            "simulation",
            Default::default(),
        )),
        "user" => {
            let user = iam.get::<User>(cx, name)?;
            let kind = PrincipalKind::User { path_and_name: user.order(), id: user.id };
            Ok(Principal { tags: user.tags, ..Principal::of(cx.account.clone(), kind) })
        }
        _ => Err(invalid()),
    }
}

impl Operation for SimulatePrincipalPolicy {
    type Service = Iam;
    type Input = Input;
    type Output = Listed<Evaluation>;
    type Error = Error;
    const NAME: &'static str = "SimulatePrincipalPolicy";
    const ACTION: &'static str = "iam:SimulatePrincipalPolicy";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("ContextEntries.ContextKeyType", "each operator reads values as its own type")];

    fn resource(_: &Context, input: &Input) -> String {
        input.policy_source_arn.clone()
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Listed<Evaluation>, Error> {
        input.check_offered()?;
        input.policy_input_list.iter().try_for_each(|document| documents::check_identity(document))?;
        let principal = principal(iam, cx, &input.policy_source_arn)?;
        let context: ConditionValues =
            input.context_entries.into_iter().map(|e| (e.context_key_name, e.context_key_values)).collect();
        let resources = input.resource_arns.unwrap_or_else(|| vec!["*".to_owned()]);
        let mut results = Vec::new();
        for (action, resource) in input.action_names.iter().flat_map(|a| resources.iter().map(move |r| (a, r))) {
            let check = Check::new(action, resource).resource_policy(input.resource_policy.as_deref());
            let decision = iam.access.simulate(&principal, &input.policy_input_list, &check, &context)?;
            results.push((format!("{:06}", results.len()), evaluation(action, resource, decision)));
        }
        input.paging.page("EvaluationResults", results)
    }
}

fn evaluation(action: &str, resource: &str, decision: Decision) -> Evaluation {
    Evaluation {
        eval_action_name: action.to_owned(),
        eval_resource_name: resource.to_owned(),
        eval_decision: match decision {
            Decision::Allow => "allowed",
            Decision::Deny(Denial::Explicit(_)) => "explicitDeny",
            Decision::Deny(Denial::Implicit(_)) => "implicitDeny",
        },
        matched_statements: [],
        missing_context_values: [],
    }
}
