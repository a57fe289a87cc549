//! `ListAccountAliases`: the account's alias, if it has one.

use crate::Error;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use crate::tables::ALIASES;
use serde::Serialize;
use tidegate_core::{Context, Operation};

pub(crate) struct ListAccountAliases;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    account_aliases: Vec<String>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListAccountAliases {
    type Service = Iam;
    type Input = Paging;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListAccountAliases";
    const ACTION: &'static str = "iam:ListAccountAliases";

    async fn call(iam: &Iam, cx: &Context, input: Paging) -> Result<Output, Error> {
        let alias = iam.state.snapshot().get(&ALIASES, &cx.account)?;
        let (account_aliases, end) = input.page(alias.map(|alias| (alias.clone(), alias)))?;
        Ok(Output { account_aliases, end })
    }
}
