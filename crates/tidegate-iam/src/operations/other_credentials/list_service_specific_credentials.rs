//! `ListServiceSpecificCredentials`: none.

use crate::Error;
use crate::operations::shared::{Iam, UserInput};
use tidegate_core::{Check, Context, One, Operation};

pub(crate) struct ListServiceSpecificCredentials;

impl Operation for ListServiceSpecificCredentials {
    type Service = Iam;
    type Input = UserInput;
    type Output = One<[(); 0]>;
    type Error = Error;
    const NAME: &'static str = "ListServiceSpecificCredentials";
    const ACTION: &'static str = "iam:ListServiceSpecificCredentials";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[
        ("ServiceName", "there are no such credentials, so nothing to choose from"),
        ("AllUsers", "there are no such credentials, so nothing to choose from"),
    ];

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        input.check(iam, cx, Self::ACTION)
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<One<[(); 0]>, Error> {
        input.must_exist(iam, cx)?;
        Ok(One("ServiceSpecificCredentials", []))
    }
}
