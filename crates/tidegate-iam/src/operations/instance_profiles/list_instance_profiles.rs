//! `ListInstanceProfiles`: the profiles below a path.

use super::{ListOutput, list};
use crate::Error;
use crate::entity::Kind;
use crate::operations::shared::{Iam, PathInput};
use tidegate_core::{Context, Operation};

pub(crate) struct ListInstanceProfiles;

impl Operation for ListInstanceProfiles {
    type Service = Iam;
    type Input = PathInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListInstanceProfiles";
    const ACTION: &'static str = "iam:ListInstanceProfiles";

    fn resource(cx: &Context, input: &PathInput) -> String {
        input.resource(cx, Kind::InstanceProfile)
    }

    async fn call(iam: &Iam, cx: &Context, input: PathInput) -> Result<ListOutput, Error> {
        list(iam, cx, &input.paging, |profile| profile.path.starts_with(input.prefix()))
    }
}
