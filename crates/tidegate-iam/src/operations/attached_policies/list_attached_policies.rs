//! `ListAttachedGroupPolicies`, `ListAttachedRolePolicies`, `ListAttachedUserPolicies`: managed policies of an entity.

use crate::Error;
use crate::entity::Grantee;
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use crate::views::AttachedPolicy;
use serde::Deserialize;
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

impl<E: Grantee> Operation for ListAttachedPolicies<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Listed<AttachedPolicy>;
    type Error = Error;
    const NAME: &'static str = E::LIST_ATTACHED.name;
    const ACTION: &'static str = E::LIST_ATTACHED.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<E>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Listed<AttachedPolicy>, Error> {
        let entity: E = iam.get(cx, &input.name)?;
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let below = |arn: &&String| arn.split_once(":policy").is_some_and(|(_, rest)| rest.starts_with(prefix));
        let shown = |arn: &String| {
            let policy_name = arn.rsplit('/').next().unwrap_or_default().to_owned();
            (arn.clone(), AttachedPolicy { policy_name, policy_arn: arn.clone() })
        };
        input.paging.page("AttachedPolicies", entity.grants().attached.iter().filter(below).map(shown))
    }
}
