//! What policies are asked.

use crate::{Caller, Keys};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Such as `lambda:InvokeFunction`; case does not matter.
    pub action: &'a str,
    /// The resource's ARN, or `*`.
    pub resource: &'a str,
    /// The account that owns the resource; `None` where it is the caller's own.
    pub resource_account: Option<&'a str>,
    /// Who asks.
    pub caller: Caller<'a>,
    /// What is known of the request.
    pub keys: &'a Keys,
}
