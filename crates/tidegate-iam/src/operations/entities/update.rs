//! `UpdateGroup`, `UpdateUser`: another name or path; whatever belongs to the entity stays with it.

use crate::Error;
use crate::entity::{Entity, Verb};
use crate::operations::shared::Iam;
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_store::Transaction;
use tidegate_types::AccountId;

pub(crate) struct Update<E>(PhantomData<E>);

/// What can get another name.
pub(crate) trait Renamable: Entity {
    const UPDATE: Verb;

    /// Tells whatever knows it by its old name.
    fn tell(&self, old: &str, tx: &mut Transaction, account: &AccountId) -> Result<(), Error>;
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(alias = "GroupName", alias = "UserName")]
    name: String,
    new_path: Option<String>,
    #[serde(alias = "NewGroupName", alias = "NewUserName")]
    new_name: Option<String>,
}

impl<E: Renamable> Operation for Update<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = E::UPDATE.name;
    const ACTION: &'static str = E::UPDATE.action;

    fn checks(iam: &Iam, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let mut checks = vec![iam.check_tagged::<E>(cx, Self::ACTION, &input.name)?];
        if let Some(name) = &input.new_name {
            let path = input.new_path.as_deref().unwrap_or("/");
            checks.push(Check::new(Self::ACTION, E::KIND.arn(&cx.account, path, name)));
        }
        Ok(checks)
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut entity = E::get(tx, &account, &input.name)?;
            let old = entity.name().to_lowercase();
            entity.remove(tx, &account)?;
            entity.rename(input.new_name, input.new_path);
            entity.tell(&old, tx, &account)?;
            entity.insert(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}
