//! `CreateAccountAlias`: a name for the account.

use super::AliasInput;
use crate::Error;
use crate::operations::shared::Iam;
use crate::tables::ALIASES;
use tidegate_core::{Context, Empty, Operation};
use tidegate_store::Transaction;

/// An account has one alias; a new one takes the old one's place. No two accounts have the same.
pub(crate) struct CreateAccountAlias;

impl Operation for CreateAccountAlias {
    type Service = Iam;
    type Input = AliasInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "CreateAccountAlias";
    const ACTION: &'static str = "iam:CreateAccountAlias";

    async fn call(iam: &Iam, cx: &Context, input: AliasInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            for entry in tx.scan(&ALIASES, ()) {
                let (owner, alias) = entry?;
                if alias == input.account_alias && owner != account {
                    return Err(Error::AliasExists(alias));
                }
            }
            Ok(tx.put(&ALIASES, &account, &input.account_alias)?)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
