//! `ListAccountAliases`: the account's alias, if it has one.

use crate::Error;
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use crate::tables::ALIASES;
use tidegate_core::{Context, Operation};

pub(crate) struct ListAccountAliases;

impl Operation for ListAccountAliases {
    type Service = Iam;
    type Input = Paging;
    type Output = Listed<String>;
    type Error = Error;
    const NAME: &'static str = "ListAccountAliases";
    const ACTION: &'static str = "iam:ListAccountAliases";

    async fn call(iam: &Iam, cx: &Context, input: Paging) -> Result<Listed<String>, Error> {
        let alias = iam.state.snapshot().get(&ALIASES, &cx.account)?;
        input.page("AccountAliases", alias.map(|alias| (alias.clone(), alias)))
    }
}
