//! `DeleteRole`: only a role on which nothing hangs.

use super::RoleInput;
use crate::Error;
use crate::entity::Entity;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::tables::{InstanceProfile, Role};
use crate::views::Empty;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteRole;

impl Operation for DeleteRole {
    type Service = Iam;
    type Input = RoleInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteRole";
    const ACTION: &'static str = "iam:DeleteRole";

    fn checks(iam: &Iam, cx: &Context, input: &RoleInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: RoleInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let role = Role::get(tx, &account, &input.role_name)?;
            let key = role.name.to_lowercase();
            let profiles = InstanceProfile::all(tx, &account)?;
            if profiles.iter().any(|profile| profile.role.as_ref() == Some(&key)) {
                return Err(Error::InUse(InUse::InstanceProfile));
            }
            if !role.grants.attached.is_empty() {
                return Err(Error::InUse(InUse::Attached));
            }
            if !role.grants.inline.is_empty() {
                return Err(Error::InUse(InUse::Inline));
            }
            role.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
