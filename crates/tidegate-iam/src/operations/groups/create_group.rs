//! `CreateGroup`: a group without members.

use crate::Error;
use crate::entity::{Entity, Kind};
use crate::operations::shared::{Iam, new_path};
use crate::tables::{Grants, Group};
use crate::views::GroupView;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

pub(crate) struct CreateGroup;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    path: Option<String>,
    group_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    group: GroupView,
}

impl Operation for CreateGroup {
    type Service = Iam;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "CreateGroup";
    const ACTION: &'static str = "iam:CreateGroup";

    fn resource(cx: &Context, input: &Input) -> String {
        Kind::Group.arn(&cx.account, input.path.as_deref().unwrap_or("/"), &input.group_name)
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Output, Error> {
        let group = Group {
            name: input.group_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::Group),
            created: cx.clock().now(),
            grants: Grants::default(),
        };
        let (account, new) = (cx.account.clone(), group.clone());
        iam.state.write(move |tx| new.insert(tx, &account)).await?;
        Ok(Output { group: GroupView::of(&cx.account, &group) })
    }
}
