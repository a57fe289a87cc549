//! `DeleteInstanceProfile`: only a profile without a role.

use super::NameInput;
use crate::Error;
use crate::entity::Entity;
use crate::error::InUse;
use crate::operations::shared::Iam;
use crate::tables::InstanceProfile;
use crate::views::Empty;
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteInstanceProfile;

impl Operation for DeleteInstanceProfile {
    type Service = Iam;
    type Input = NameInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteInstanceProfile";
    const ACTION: &'static str = "iam:DeleteInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &NameInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: NameInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let profile = InstanceProfile::get(tx, &account, &input.instance_profile_name)?;
            if profile.role.is_some() {
                return Err(Error::InUse(InUse::InstanceProfile));
            }
            profile.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
