//! Passwords, devices, certificates and keys of users that Tidegate does not issue: every user has none of them.
//! Terraform asks for each before it deletes a user.

use super::Iam;
use super::get_user::meant;
use crate::Error;
use crate::entity::Entity;
use crate::page::{End, Paging};
use crate::tables::User;
use crate::views::Empty;
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserInput {
    user_name: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

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

macro_rules! nothing {
    ($operation:ident, $output:ident, $member:ident $(, $name:literal)?) => {
        pub(crate) struct $operation;

        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct $output {
            $(#[serde(rename = $name)])?
            $member: [(); 0],
            #[serde(flatten)]
            end: End,
        }

        impl Operation for $operation {
            type Service = Iam;
            type Input = UserInput;
            type Output = $output;
            type Error = Error;
            const NAME: &'static str = stringify!($operation);
            const ACTION: &'static str = concat!("iam:", stringify!($operation));

            fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
                input.check(iam, cx, Self::ACTION)
            }

            async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<$output, Error> {
                Ok($output { $member: [], end: input.none(iam, cx)? })
            }
        }
    };
}

nothing!(ListSSHPublicKeys, SshKeys, ssh_public_keys, "SSHPublicKeys");
nothing!(ListMFADevices, MfaDevices, mfa_devices, "MFADevices");
nothing!(ListSigningCertificates, SigningCertificates, certificates);

pub(crate) struct ListVirtualMFADevices;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DevicesInput {
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DevicesOutput {
    #[serde(rename = "VirtualMFADevices")]
    virtual_mfa_devices: [(); 0],
    #[serde(flatten)]
    end: End,
}

impl Operation for ListVirtualMFADevices {
    type Service = Iam;
    type Input = DevicesInput;
    type Output = DevicesOutput;
    type Error = Error;
    const NAME: &'static str = "ListVirtualMFADevices";
    const ACTION: &'static str = "iam:ListVirtualMFADevices";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("AssignmentStatus", "there are no devices, so nothing to choose from")];

    async fn call(_: &Iam, _: &Context, input: DevicesInput) -> Result<DevicesOutput, Error> {
        let (_, end) = input.paging.page::<()>([])?;
        Ok(DevicesOutput { virtual_mfa_devices: [], end })
    }
}

pub(crate) struct ListServiceSpecificCredentials;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SpecificOutput {
    service_specific_credentials: [(); 0],
}

impl Operation for ListServiceSpecificCredentials {
    type Service = Iam;
    type Input = UserInput;
    type Output = SpecificOutput;
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

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<SpecificOutput, Error> {
        input.none(iam, cx)?;
        Ok(SpecificOutput { service_specific_credentials: [] })
    }
}

/// Always refused: no user has a password.
async fn no_login(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Empty, Error> {
    let name = meant(cx, input.user_name.as_ref())?.ok_or(Error::UserNameNeeded)?;
    Err(Error::NoLogin(iam.get::<User>(cx, &name)?.name))
}

pub(crate) struct GetLoginProfile;

impl Operation for GetLoginProfile {
    type Service = Iam;
    type Input = UserInput;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "GetLoginProfile";
    const ACTION: &'static str = "iam:GetLoginProfile";

    fn checks(iam: &Iam, cx: &Context, input: &UserInput) -> Result<Vec<Check>, Error> {
        input.check(iam, cx, Self::ACTION)
    }

    async fn call(iam: &Iam, cx: &Context, input: UserInput) -> Result<Empty, Error> {
        no_login(iam, cx, &input).await
    }
}

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
