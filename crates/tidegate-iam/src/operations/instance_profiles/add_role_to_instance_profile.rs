//! `AddRoleToInstanceProfile`: a profile gets its role, one at most.

use super::MemberInput;
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::{InstanceProfile, Role};
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct AddRoleToInstanceProfile;

impl Operation for AddRoleToInstanceProfile {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "AddRoleToInstanceProfile";
    const ACTION: &'static str = "iam:AddRoleToInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        let profile = iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?;
        let role = iam.check::<Role>(cx, "iam:PassRole", &input.role_name)?;
        Ok(vec![profile, role.with("iam:PassedToService", "ec2.amazonaws.com")])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let change = move |state: &Snapshot, profile: &mut InstanceProfile| {
            let role = Role::get(state, &account, &input.role_name)?;
            if profile.role.is_some() {
                return Err(Error::Quota("InstanceSessionsPerInstanceProfile", 1));
            }
            profile.role = Some(role.name.to_lowercase());
            Ok(Empty {})
        };
        iam.change(cx, input.instance_profile_name, change).await
    }
}
