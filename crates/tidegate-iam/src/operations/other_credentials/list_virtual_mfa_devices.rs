//! `ListVirtualMFADevices`: none.

use crate::Error;
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use tidegate_core::{Context, Operation};

pub(crate) struct ListVirtualMFADevices;

impl Operation for ListVirtualMFADevices {
    type Service = Iam;
    type Input = Paging;
    type Output = Listed<()>;
    type Error = Error;
    const NAME: &'static str = "ListVirtualMFADevices";
    const ACTION: &'static str = "iam:ListVirtualMFADevices";
    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("AssignmentStatus", "there are no devices, so nothing to choose from")];

    async fn call(_: &Iam, _: &Context, input: Paging) -> Result<Listed<()>, Error> {
        input.page("VirtualMFADevices", [])
    }
}
