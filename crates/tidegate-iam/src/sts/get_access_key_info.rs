//! `GetAccessKeyInfo`: the account of an access key.

use super::Sts;
use crate::Error;
use crate::tables::ACCESS_KEYS;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

pub(crate) struct GetAccessKeyInfo;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    access_key_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    account: String,
}

impl Operation for GetAccessKeyInfo {
    type Service = Sts;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetAccessKeyInfo";
    const ACTION: &'static str = "sts:GetAccessKeyInfo";

    async fn call(sts: &Sts, cx: &Context, input: Input) -> Result<Output, Error> {
        let id = input.access_key_id;
        let stored = sts.state.snapshot().get(&ACCESS_KEYS, id.as_str())?;
        let account = match stored {
            Some(key) => key.account,
            // Temporary keys are written down nowhere; the caller's own is known.
            None if *cx.principal.access_key_id == *id => cx.principal.account.clone(),
            None => return Err(Error::NoSuchAccessKey(id)),
        };
        Ok(Output { account: account.to_string() })
    }
}
