//! `DeleteAccountAlias`: takes the account's name away.

use super::AliasInput;
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::ALIASES;
use tidegate_core::{Context, Empty, Operation};
use tidegate_store::Transaction;

pub(crate) struct DeleteAccountAlias;

impl Operation for DeleteAccountAlias {
    type Service = Iam;
    type Input = AliasInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteAccountAlias";
    const ACTION: &'static str = "iam:DeleteAccountAlias";

    async fn call(iam: &Iam, cx: &Context, input: AliasInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| match tx.get(&ALIASES, &account)? {
            Some(alias) if alias == input.account_alias => Ok(tx.delete(&ALIASES, &account)?),
            _ => Err(Error::NoSuchAlias(input.account_alias)),
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
