//! `ListGroups`: the groups below a path.

use super::ListOutput;
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, PathInput};
use crate::tables::Group;
use crate::views::GroupView;
use tidegate_core::{Context, Operation};

pub(crate) struct ListGroups;

impl Operation for ListGroups {
    type Service = Iam;
    type Input = PathInput;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListGroups";
    const ACTION: &'static str = "iam:ListGroups";

    fn resource(cx: &Context, input: &PathInput) -> String {
        input.resource(cx, Group::KIND)
    }

    async fn call(iam: &Iam, cx: &Context, input: PathInput) -> Result<ListOutput, Error> {
        let (groups, end) = input.page::<Group>(iam, cx)?;
        Ok(ListOutput { groups: groups.iter().map(|group| GroupView::of(&cx.account, group)).collect(), end })
    }
}
