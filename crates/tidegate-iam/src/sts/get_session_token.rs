//! `GetSessionToken`: temporary credentials for the caller itself. AWS asks for no permission.

use super::{CredentialsView, Sts};
use crate::Error;
use crate::access::NewSession;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation, Principal, PrincipalKind};

/// Seconds, if the request does not say: 12 hours.
const DURATION_S_DEFAULT: u32 = 43_200;
/// Seconds that the account's root can have at most.
const ROOT_DURATION_S_MAX: u32 = 3_600;

pub(crate) struct GetSessionToken;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    duration_seconds: Option<u32>,
    serial_number: Option<String>,
    token_code: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    credentials: CredentialsView,
}

impl Operation for GetSessionToken {
    type Service = Sts;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetSessionToken";
    const ACTION: &'static str = "";

    async fn call(sts: &Sts, cx: &Context, input: Input) -> Result<Output, Error> {
        if input.serial_number.is_some() || input.token_code.is_some() {
            return Err(Error::NotOffered("multi-factor authentication (SerialNumber, TokenCode)"));
        }
        let caller = &cx.principal;
        if caller.access_key_id.starts_with("ASIA") {
            return Err(Error::NotFromSession);
        }
        let root = caller.kind == PrincipalKind::Root;
        // AWS shortens what root asks for without a word.
        let most = if root { ROOT_DURATION_S_MAX } else { u32::MAX };
        let duration_s = input.duration_seconds.unwrap_or(DURATION_S_DEFAULT).min(most);
        let credentials = sts.open(NewSession { principal: Principal::clone(caller), duration_s })?;
        Ok(Output { credentials: credentials.into() })
    }
}
