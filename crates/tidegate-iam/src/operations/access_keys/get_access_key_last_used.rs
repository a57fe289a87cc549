//! `GetAccessKeyLastUsed`: whose key it is.

use super::KeyInput;
use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::{ACCESS_KEYS, User};
use serde::Serialize;
use tidegate_core::{Context, Operation};

/// Tidegate does not write down each use of a key: the answer is AWS' for a key that was never used.
pub(crate) struct GetAccessKeyLastUsed;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    user_name: String,
    access_key_last_used: LastUsed,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LastUsed {
    service_name: &'static str,
    region: &'static str,
}

impl Operation for GetAccessKeyLastUsed {
    type Service = Iam;
    type Input = KeyInput;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "GetAccessKeyLastUsed";
    const ACTION: &'static str = "iam:GetAccessKeyLastUsed";

    async fn call(iam: &Iam, cx: &Context, input: KeyInput) -> Result<Output, Error> {
        let snapshot = iam.state.snapshot();
        let key = snapshot.get(&ACCESS_KEYS, input.access_key_id.as_str())?.filter(|key| key.account == cx.account);
        let key = key.ok_or(Error::NoSuchAccessKey(input.access_key_id))?;
        let user = User::get(&snapshot, &cx.account, &key.user)?;
        let access_key_last_used = LastUsed { service_name: "N/A", region: "N/A" };
        Ok(Output { user_name: user.name, access_key_last_used })
    }
}
