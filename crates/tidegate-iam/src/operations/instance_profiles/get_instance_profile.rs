//! `GetInstanceProfile`: a profile and its role.

use super::{NameInput, OneOutput, view};
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::InstanceProfile;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetInstanceProfile;

impl Operation for GetInstanceProfile {
    type Service = Iam;
    type Input = NameInput;
    type Output = OneOutput;
    type Error = Error;
    const NAME: &'static str = "GetInstanceProfile";
    const ACTION: &'static str = "iam:GetInstanceProfile";

    fn checks(iam: &Iam, cx: &Context, input: &NameInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<InstanceProfile>(cx, Self::ACTION, &input.instance_profile_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: NameInput) -> Result<OneOutput, Error> {
        let snapshot = iam.state.snapshot();
        let profile = InstanceProfile::get(&snapshot, &cx.account, &input.instance_profile_name)?;
        Ok(OneOutput { instance_profile: view(&snapshot, &cx.account, &profile)? })
    }
}
