//! Passwords, devices, certificates and keys of users that Tidegate does not issue: every user has none of them.
//! Terraform asks for each before it deletes a user.

pub(super) mod delete_login_profile;
pub(super) mod get_login_profile;
pub(super) mod list_mfa_devices;
pub(super) mod list_service_specific_credentials;
pub(super) mod list_signing_certificates;
pub(super) mod list_ssh_public_keys;
pub(super) mod list_virtual_mfa_devices;

use crate::Error;
use crate::operations::shared::{Iam, UserInput, meant};
use crate::tables::User;
use tidegate_core::{Context, Empty};

impl UserInput {
    /// The user must be there.
    fn must_exist(&self, iam: &Iam, cx: &Context) -> Result<(), Error> {
        match meant(cx, self.user_name.as_ref())? {
            Some(name) => iam.get::<User>(cx, &name).map(drop),
            None => Ok(()),
        }
    }
}

/// A list operation whose list is always empty.
macro_rules! nothing {
    ($operation:ident, $member:literal) => {
        use crate::Error;
        use crate::operations::shared::{Iam, UserInput};
        use crate::page::Listed;
        use tidegate_core::{Check, Context, Operation};

        pub(crate) struct $operation;

        impl Operation for $operation {
            type Service = Iam;
            type Input = UserInput;
            type Output = Listed<()>;
            type Error = Error;
            const NAME: &'static str = stringify!($operation);
            const ACTION: &'static str = concat!("iam:", stringify!($operation));

            fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
                input.check(iam, cx, Self::ACTION)
            }

            async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Listed<()>, Error> {
                input.must_exist(iam, cx)?;
                input.paging.page($member, [])
            }
        }
    };
}
use nothing;

/// Always refused: no user has a password.
async fn no_login(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Empty, Error> {
    let name = meant(cx, input.user_name.as_ref())?.ok_or(Error::UserNameNeeded)?;
    Err(Error::NoLogin(iam.get::<User>(cx, &name)?.name))
}
