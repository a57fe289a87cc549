//! This crate's parsers for those who throw bytes at them: each takes anything and must neither panic nor hang.

use crate::names::FunctionRef;
use tidegate_core::Context;

/// Reads a function's name in any of its forms; gives the ARN that it stands for.
pub fn function(cx: &Context, name: &str, qualifier: Option<&str>) -> Option<String> {
    let function = FunctionRef::parse(cx, name, qualifier).ok()?;
    let (_, arn, _) = (function.which(), function.arn(), function.resource());
    Some(arn)
}
