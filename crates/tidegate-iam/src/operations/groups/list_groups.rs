//! `ListGroups`: the groups below a path.

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::{Iam, PathInput};
use crate::page::End;
use crate::tables::Group;
use crate::views::GroupView;
use serde::Serialize;
use tidegate_core::{Context, Operation};

pub(crate) struct ListGroups;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    groups: Vec<GroupView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListGroups {
    type Service = Iam;
    type Input = PathInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListGroups";
    const ACTION: &'static str = "iam:ListGroups";

    fn resource(cx: &Context, input: &PathInput) -> String {
        input.resource(cx, Group::KIND)
    }

    async fn call(iam: &Iam, cx: &Context, input: PathInput) -> Result<Output, Error> {
        let (groups, end) = input.page::<Group>(iam, cx)?;
        Ok(Output { groups: groups.iter().map(|group| GroupView::of(&cx.account, group)).collect(), end })
    }
}
