//! Groups and their members.

pub(super) mod add_user_to_group;
pub(super) mod create_group;
pub(super) mod delete_group;
pub(super) mod get_group;
pub(super) mod list_groups_for_user;
pub(super) mod remove_user_from_group;
pub(super) mod update_group;

use crate::Error;
use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::tables::{Group, User};
use serde::Deserialize;
use tidegate_core::{Context, Empty};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::AccountId;

impl Group {
    fn members(&self, state: &Snapshot, account: &AccountId) -> Result<Vec<User>, Error> {
        let key = self.name.to_lowercase();
        Ok(User::all(state, account)?.into_iter().filter(|user| user.groups.contains(&key)).collect())
    }
}

/// What operations on one membership take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberInput {
    group_name: String,
    user_name: String,
}

/// Changes the groups of a user; both must be there.
async fn change_member(
    iam: &Iam,
    cx: &Context,
    input: MemberInput,
    change: fn(&mut User, String) -> Result<(), Error>,
) -> Result<Empty, Error> {
    let account = cx.account.clone();
    let write = move |tx: &mut Transaction| {
        let group = Group::get(tx, &account, &input.group_name)?;
        let mut user = User::get(tx, &account, &input.user_name)?;
        change(&mut user, group.name.to_lowercase())?;
        user.save(tx, &account)
    };
    iam.state.write(write).await.map(|()| Empty {})
}
