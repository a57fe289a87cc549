//! `ListServiceSpecificCredentials`: none.

use crate::Error;
use crate::operations::shared::{Iam, UserInput};
use serde::Serialize;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListServiceSpecificCredentials;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    service_specific_credentials: [(); 0],
}

impl Operation for ListServiceSpecificCredentials {
    type Service = Iam;
    type Input = UserInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListServiceSpecificCredentials";
    const ACTION: &'static str = "iam:ListServiceSpecificCredentials";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("ServiceName", "there are no such credentials, so nothing to choose from"),
        ("AllUsers", "there are no such credentials, so nothing to choose from"),
    ];

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        input.check(iam, cx, Self::ACTION)
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Output, Error> {
        input.none(iam, cx)?;
        Ok(Output { service_specific_credentials: [] })
    }
}
