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
use crate::entity::Entity;
use crate::operations::shared::{Iam, UserInput, meant};
use crate::page::End;
use crate::tables::User;
use crate::views::Empty;
use tidegate_core::{Check, Context};

impl UserInput {
    fn check(&self, iam: &Iam, cx: &Context, action: &str) -> Result<Vec<Check>, Error> {
        let name = meant(cx, self.user_name.as_ref())?;
        Ok(vec![match name {
            Some(name) => iam.check_tagged::<User>(cx, action, &name)?,
            None => Check::new(action, User::KIND.arn(&cx.account, "/", "root")),
        }])
    }

    /// The end of a list that is empty; the user must be there.
    fn none(&self, iam: &Iam, cx: &Context) -> Result<End, Error> {
        if let Some(name) = meant(cx, self.user_name.as_ref())? {
            iam.get::<User>(cx, &name)?;
        }
        let (_, end) = self.paging.page::<()>([])?;
        Ok(end)
    }
}

/// A list operation whose list is always empty.
macro_rules! nothing {
    ($operation:ident, $member:ident $(, $name:literal)?) => {
        use crate::Error;
        use crate::operations::shared::{Iam, UserInput};
        use crate::page::End;
        use serde::Serialize;
        use tidegate_core::{Check, Context, Operation};

        pub(crate) struct $operation;

        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct Output {
            $(#[serde(rename = $name)])?
            $member: [(); 0],
            #[serde(flatten)]
            end: End,
        }

        impl Operation for $operation {
            type Service = Iam;
            type Input = UserInput;
            type Output = Output;
            type Error = Error;
            const NAME: &'static str = stringify!($operation);
            const ACTION: &'static str = concat!("iam:", stringify!($operation));

            fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
                input.check(iam, cx, Self::ACTION)
            }

            async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Output, Error> {
                Ok(Output { $member: [], end: input.none(iam, cx)? })
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
