//! `DeleteLoginProfile`: always refused, for no user has a password.

use super::no_login;
use crate::Error;
use crate::operations::shared::{Iam, UserInput};
use tidegate_core::{Check, Context, Empty, Operation};

pub(crate) struct DeleteLoginProfile;

impl Operation for DeleteLoginProfile {
    type Service = Iam;
    type Input = UserInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "DeleteLoginProfile";
    const ACTION: &'static str = "iam:DeleteLoginProfile";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        input.check(iam, cx, Self::ACTION)
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Empty, Error> {
        no_login(iam, cx, &input).await
    }
}
