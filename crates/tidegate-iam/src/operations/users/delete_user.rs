//! `DeleteUser`: only one without keys, groups and policies.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::error::InUse;
use crate::operations::entities::delete::Deletable;
use crate::tables::User;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

impl Deletable for User {
    const DELETE: Verb = verb!("DeleteUser");

    fn in_use(&self, _: &Snapshot, _: &AccountId) -> Result<Option<InUse>, Error> {
        let keys = (!self.access_keys.is_empty()).then_some(InUse::AccessKeys);
        let groups = (!self.groups.is_empty()).then_some(InUse::Membership);
        Ok(keys.or(groups).or(self.grants.in_use()))
    }
}
