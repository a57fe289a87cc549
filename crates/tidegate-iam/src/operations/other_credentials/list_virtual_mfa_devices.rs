//! `ListVirtualMFADevices`: none.

use crate::Error;
use crate::operations::shared::Iam;
use crate::page::{End, Paging};
use serde::Serialize;
use tidegate_core::{Context, Operation};

pub(crate) struct ListVirtualMFADevices;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    #[serde(rename = "VirtualMFADevices")]
    virtual_mfa_devices: [(); 0],
    #[serde(flatten)]
    end: End,
}

impl Operation for ListVirtualMFADevices {
    type Service = Iam;
    type Input = Paging;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListVirtualMFADevices";
    const ACTION: &'static str = "iam:ListVirtualMFADevices";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("AssignmentStatus", "there are no devices, so nothing to choose from")];

    async fn call(_: &Iam, _: &Context, input: Paging) -> Result<Output, Error> {
        let (_, end) = input.page::<()>([])?;
        Ok(Output { virtual_mfa_devices: [], end })
    }
}
