//! `ListInstanceProfilesForRole`: the profiles that have a role.

use crate::Error;
use crate::entity::Entity;
use crate::operations::entities::list::Listable;
use crate::operations::shared::{Iam, Named};
use crate::page::Listed;
use crate::tables::{InstanceProfile, Role};
use crate::views::InstanceProfileView;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListInstanceProfilesForRole;

impl Operation for ListInstanceProfilesForRole {
    type Service = Iam;
    type Input = Named;
    type Output = Listed<InstanceProfileView>;
    type Error = Error;
    const NAME: &'static str = "ListInstanceProfilesForRole";
    const ACTION: &'static str = "iam:ListInstanceProfilesForRole";

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Listed<InstanceProfileView>, Error> {
        let (state, account) = (iam.state.snapshot(), &cx.account);
        let key = Some(Role::get(&state, account, &input.name)?.name.to_lowercase());
        let all = InstanceProfile::all(&state, account)?.into_iter();
        InstanceProfile::list(all.filter(|profile| profile.role == key), &input.paging, &state, account)
    }
}
