//! `ListGroups`, `ListInstanceProfiles`, `ListRoles`, `ListUsers`: the entities below a path.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use crate::tables::{Group, InstanceProfile, Role, User};
use crate::views::Shown;
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Context, Operation};
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

pub(crate) struct List<E>(PhantomData<E>);

/// What can be listed.
pub(crate) trait Listable: Shown {
    const LIST: Verb;
    /// The member of answers that holds many of the kind.
    const MEMBERS: &'static str;

    /// One page of some of them.
    fn list(
        some: impl IntoIterator<Item = Self>,
        paging: &Paging,
        state: &Snapshot,
        account: &AccountId,
    ) -> Result<Listed<Self::View>, Error> {
        let views = some.into_iter().map(|entity| Ok((entity.order(), entity.brief(state, account)?)));
        paging.page(Self::MEMBERS, views.collect::<Result<Vec<_>, Error>>()?)
    }
}

macro_rules! listable {
    ($type:ty, $members:literal) => {
        impl Listable for $type {
            const LIST: Verb = verb!("List", $members);
            const MEMBERS: &'static str = $members;
        }
    };
}

listable!(Group, "Groups");
listable!(InstanceProfile, "InstanceProfiles");
listable!(Role, "Roles");
listable!(User, "Users");

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(default = "root")]
    path_prefix: String,
    #[serde(flatten)]
    paging: Paging,
}

fn root() -> String {
    "/".to_owned()
}

impl<E: Listable> Operation for List<E> {
    type Service = Iam;
    type Input = Input;
    type Output = Listed<E::View>;
    type Error = Error;
    const NAME: &'static str = E::LIST.name;
    const ACTION: &'static str = E::LIST.action;

    /// Everything below the prefix.
    fn resource(cx: &Context, input: &Input) -> String {
        E::KIND.arn(&cx.account, &input.path_prefix, "")
    }

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Self::Output, Error> {
        let state = iam.state.snapshot();
        let all = E::all(&state, &cx.account)?.into_iter();
        let below = all.filter(|entity| entity.path().starts_with(&input.path_prefix));
        E::list(below, &input.paging, &state, &cx.account)
    }
}
