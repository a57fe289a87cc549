//! `RemoveRoleFromInstanceProfile`: a profile loses its role.

use super::MemberInput;
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::InstanceProfile;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct RemoveRoleFromInstanceProfile;

impl Operation for RemoveRoleFromInstanceProfile {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "RemoveRoleFromInstanceProfile";
    const ACTION: &'static str = "iam:RemoveRoleFromInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let change = move |_: &Snapshot, profile: &mut InstanceProfile| {
            if profile.role.as_deref() != Some(input.role_name.to_lowercase().as_str()) {
                return Err(Error::NotInProfile(input.role_name, profile.name.clone()));
            }
            profile.role = None;
            Ok(Empty {})
        };
        iam.change(cx, input.instance_profile_name, change).await
    }
}
