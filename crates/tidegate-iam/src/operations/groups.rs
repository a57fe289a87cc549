//! Groups and their members.

use super::{Iam, new_path};
use crate::entity::{Entity, Kind};
use crate::error::InUse;
use crate::page::{End, Paging};
use crate::tables::{Grants, Group, User};
use crate::views::{Empty, GroupView, UserView};
use crate::{Error, limits};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::AccountId;

pub(crate) struct CreateGroup;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateInput {
    path: Option<String>,
    group_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateOutput {
    group: GroupView,
}

impl Operation for CreateGroup {
    type Service = Iam;
    type Input = CreateInput;
    type Output = CreateOutput;
    type Error = Error;
    const NAME: &'static str = "CreateGroup";
    const ACTION: &'static str = "iam:CreateGroup";

    fn resource(cx: &Context, input: &CreateInput) -> String {
        Kind::Group.arn(&cx.account, input.path.as_deref().unwrap_or("/"), &input.group_name)
    }

    async fn call(iam: &Iam, cx: &Context, input: CreateInput) -> Result<CreateOutput, Error> {
        let group = Group {
            name: input.group_name,
            path: new_path(input.path),
            id: iam.new_id(Kind::Group),
            created: cx.clock().now(),
            grants: Grants::default(),
        };
        let (account, new) = (cx.account.clone(), group.clone());
        iam.state.write(move |tx| new.insert(tx, &account)).await?;
        Ok(CreateOutput { group: GroupView::of(&cx.account, &group) })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupInput {
    group_name: String,
    #[serde(flatten)]
    paging: Paging,
}

pub(crate) struct GetGroup;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetOutput {
    group: GroupView,
    users: Vec<UserView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for GetGroup {
    type Service = Iam;
    type Input = GroupInput;
    type Output = GetOutput;
    type Error = Error;
    const NAME: &'static str = "GetGroup";
    const ACTION: &'static str = "iam:GetGroup";

    fn checks(iam: &Iam, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: GroupInput) -> Result<GetOutput, Error> {
        let snapshot = iam.state.snapshot();
        let group = Group::get(&snapshot, &cx.account, &input.group_name)?;
        let members = members(&snapshot, &cx.account, &group)?;
        let (users, end) = input.paging.page(members.into_iter().map(|user| (user.order(), user)))?;
        let users = users.iter().map(|user| UserView::brief(&cx.account, user)).collect();
        Ok(GetOutput { group: GroupView::of(&cx.account, &group), users, end })
    }
}

fn members(state: &Snapshot, account: &AccountId, group: &Group) -> Result<Vec<User>, Error> {
    let key = group.name.to_lowercase();
    Ok(User::all(state, account)?.into_iter().filter(|user| user.groups.contains(&key)).collect())
}

pub(crate) struct DeleteGroup;

impl Operation for DeleteGroup {
    type Service = Iam;
    type Input = GroupInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteGroup";
    const ACTION: &'static str = "iam:DeleteGroup";

    fn checks(iam: &Iam, cx: &Context, input: &GroupInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: GroupInput) -> Result<Empty, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let group = Group::get(tx, &account, &input.group_name)?;
            if !members(tx, &account, &group)?.is_empty() {
                return Err(Error::InUse(InUse::Membership));
            }
            if !group.grants.attached.is_empty() {
                return Err(Error::InUse(InUse::Attached));
            }
            if !group.grants.inline.is_empty() {
                return Err(Error::InUse(InUse::Inline));
            }
            group.remove(tx, &account)
        };
        iam.state.write(write).await.map(|()| Empty {})
    }
}

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

pub(crate) struct AddUserToGroup;

impl Operation for AddUserToGroup {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "AddUserToGroup";
    const ACTION: &'static str = "iam:AddUserToGroup";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let add = |user: &mut User, group| {
            user.groups.insert(group);
            let most = limits::GROUPS_OF_USER_MAX;
            if user.groups.len() > most { Err(Error::Quota("GroupsPerUser", most)) } else { Ok(()) }
        };
        change_member(iam, cx, input, add).await
    }
}

pub(crate) struct RemoveUserFromGroup;

impl Operation for RemoveUserFromGroup {
    type Service = Iam;
    type Input = MemberInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "RemoveUserFromGroup";
    const ACTION: &'static str = "iam:RemoveUserFromGroup";

    fn checks(iam: &Iam, cx: &Context, input: &MemberInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<Group>(cx, Self::ACTION, &input.group_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: MemberInput) -> Result<Empty, Error> {
        let remove = |user: &mut User, group: String| {
            let was = user.groups.remove(&group);
            if was { Ok(()) } else { Err(Error::NoSuch(Kind::User, user.name.clone())) }
        };
        change_member(iam, cx, input, remove).await
    }
}

pub(crate) struct ListGroupsForUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserInput {
    user_name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupsOutput {
    groups: Vec<GroupView>,
    #[serde(flatten)]
    end: End,
}

impl Operation for ListGroupsForUser {
    type Service = Iam;
    type Input = UserInput;
    type Output = GroupsOutput;
    type Error = Error;
    const NAME: &'static str = "ListGroupsForUser";
    const ACTION: &'static str = "iam:ListGroupsForUser";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check::<User>(cx, Self::ACTION, &input.user_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<GroupsOutput, Error> {
        let snapshot = iam.state.snapshot();
        let user = User::get(&snapshot, &cx.account, &input.user_name)?;
        let groups: Vec<Group> =
            user.groups.iter().map(|name| Group::get(&snapshot, &cx.account, name)).collect::<Result<_, _>>()?;
        let (groups, end) = input.paging.page(groups.into_iter().map(|group| (group.order(), group)))?;
        Ok(GroupsOutput { groups: groups.iter().map(|group| GroupView::of(&cx.account, group)).collect(), end })
    }
}
