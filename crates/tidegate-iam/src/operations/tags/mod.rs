//! Tags of users, roles, policies and instance profiles; each operation is written once for all of them.

pub(super) mod list_tags;
pub(super) mod tag;
pub(super) mod untag;

use crate::entity::{Kind, Tagged};
use crate::operations::shared::Iam;
use crate::{Error, policies};
use tidegate_core::{Check, Context};

/// The name that tags are stored under. Policies are named by their ARN.
fn name_of<E: Tagged>(iam: &Iam, cx: &Context, name: &str) -> Result<String, Error> {
    match E::KIND {
        Kind::Policy => Ok(policies::find_own(&iam.state.snapshot(), &cx.account, name)?.name),
        _ => Ok(name.to_owned()),
    }
}

fn check<E: Tagged>(iam: &Iam, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
    match name_of::<E>(iam, cx, name) {
        Ok(name) => iam.check_tagged::<E>(cx, action, &name),
        // Permissions are asked for before anyone learns what is there.
        Err(_) => Ok(Check::new(action, name)),
    }
}
