//! `AddUserToGroup`: a user gets a group's permissions.

use super::{MemberInput, change_member};
use crate::operations::shared::Iam;
use crate::tables::{Group, User};
use crate::{Error, limits};
use tidegate_core::{Check, Context, Empty, Operation};

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
