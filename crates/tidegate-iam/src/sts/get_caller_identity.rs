//! `GetCallerIdentity`: who signed this request. AWS asks for no permission.

use super::Sts;
use crate::Error;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

pub(crate) struct GetCallerIdentity;

#[derive(Deserialize)]
pub(crate) struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    user_id: String,
    account: String,
    arn: String,
}

impl Operation for GetCallerIdentity {
    type Service = Sts;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetCallerIdentity";
    const ACTION: &'static str = "";

    async fn call(_: &Sts, cx: &Context, _: Input) -> Result<Output, Error> {
        let principal = &cx.principal;
        Ok(Output { user_id: principal.user_id(), account: principal.account.to_string(), arn: principal.arn() })
    }
}
