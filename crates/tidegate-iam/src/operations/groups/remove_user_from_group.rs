//! `RemoveUserFromGroup`: a user loses a group's permissions.

use super::{MemberInput, change_member};
use crate::Error;
use crate::entity::Kind;
use crate::operations::shared::Iam;
use crate::tables::{Group, User};
use tidegate_core::{Check, Context, Empty, Operation};

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
