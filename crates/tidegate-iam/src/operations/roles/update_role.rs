//! `UpdateRole`: another description or length of sessions.

use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::Role;
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Snapshot;

pub(crate) struct UpdateRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    role_name: String,
    description: Option<String>,
    max_session_duration: Option<u32>,
}

impl Operation for UpdateRole {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "UpdateRole";
    const ACTION: &'static str = "iam:UpdateRole";

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let change = move |_: &Snapshot, role: &mut Role| {
            // What the request leaves out stays as it is; an empty description takes it away.
            if let Some(text) = input.description {
                role.description = Some(text).filter(|text| !text.is_empty());
            }
            role.max_session_s = input.max_session_duration.unwrap_or(role.max_session_s);
            Ok(Empty {})
        };
        iam.change(cx, input.role_name, change).await
    }
}
