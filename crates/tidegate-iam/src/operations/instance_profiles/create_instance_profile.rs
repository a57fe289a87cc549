//! `CreateInstanceProfile`: a profile without a role.

use super::OneOutput;
use crate::Error;
use crate::entity::{Entity, Kind, Tagged};
use crate::operations::shared::{Iam, check_new, new_path, new_tags};
use crate::tables::InstanceProfile;
use crate::views::{InstanceProfileView, Tag};
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct CreateInstanceProfile;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    instance_profile_name: String,
    path: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreateInstanceProfile {
    type Service = Iam;
    type Input = Input;
    type Output = OneOutput;
    type Error = Error;
    const NAME: &'static str = "CreateInstanceProfile";
    const ACTION: &'static str = "iam:CreateInstanceProfile";

    fn checks(_: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let (path, tags, name) = (input.path.as_ref(), input.tags.as_deref(), &input.instance_profile_name);
        Ok(vec![check_new(cx, Self::ACTION, Kind::InstanceProfile, path, name, tags)])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<OneOutput, Error> {
        let profile = InstanceProfile {
            name: input.instance_profile_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::InstanceProfile),
            created: cx.clock().now(),
            tags: new_tags(input.tags, InstanceProfile::TAGS_QUOTA)?,
            role: None,
        };
        let (account, new) = (cx.account.clone(), profile.clone());
        iam.state.write(move |tx| new.insert(tx, &account)).await?;
        Ok(OneOutput { instance_profile: InstanceProfileView::of(&cx.account, &profile, None) })
    }
}
