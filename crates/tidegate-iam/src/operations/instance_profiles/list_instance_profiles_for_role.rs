//! `ListInstanceProfilesForRole`: the profiles that have a role.

use super::{ListOutput, list};
use crate::Error;
use crate::operations::shared::Iam;
use crate::page::Paging;
use crate::tables::Role;
use serde::Deserialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListInstanceProfilesForRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_name: String,
    #[serde(flatten)]
    paging: Paging,
}

impl Operation for ListInstanceProfilesForRole {
    type Service = Iam;
    type Input = Input;
    type Output = ListOutput;
    type Error = Error;
    const NAME: &'static str = "ListInstanceProfilesForRole";
    const ACTION: &'static str = "iam:ListInstanceProfilesForRole";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<ListOutput, Error> {
        let key = iam.get::<Role>(cx, &input.role_name)?.name.to_lowercase();
        list(iam, cx, &input.paging, |profile| profile.role.as_ref() == Some(&key))
    }
}
