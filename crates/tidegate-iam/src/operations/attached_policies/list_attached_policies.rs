//! `ListAttachedGroupPolicies`, `ListAttachedRolePolicies`, `ListAttachedUserPolicies`: managed policies of an entity.

use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use crate::views::AttachedPolicy;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListAttachedPolicies<E>(PhantomData<E>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "RoleName", alias = "UserName", alias = "GroupName")]
    name: String,
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    attached_policies: Vec<AttachedPolicy>,
    #[serde(flatten)]
    end: End,
}

impl<E: Grantee> Operation for ListAttachedPolicies<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = E::LIST_ATTACHED.name;
    const ACTION: &'static str = E::LIST_ATTACHED.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let below = |arn: &&String| arn.split_once(":policy").is_some_and(|(_, rest)| rest.starts_with(prefix));
        let arns = entity.grants().attached.iter().filter(below).map(|arn| (arn.clone(), arn.clone()));
        let (arns, end) = input.paging.page(arns)?;
        let shown = |policy_arn: String| {
            let policy_name = policy_arn.rsplit('/').next().unwrap_or_default().to_owned();
            AttachedPolicy { policy_name, policy_arn }
        };
        Ok(Output { attached_policies: arns.into_iter().map(shown).collect(), end })
    }
}
