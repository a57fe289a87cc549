//! `DeleteGroup`: only one without members and policies.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::error::InUse;
use crate::operations::entities::delete::Deletable;
use crate::tables::Group;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

impl Deletable for Group {
    const DELETE: Verb = verb!("DeleteGroup");

    fn in_use(&self, state: &Snapshot, account: &AccountId) -> Result<Option<InUse>, Error> {
        let members = self.members(state, account)?;
        Ok((!members.is_empty()).then_some(InUse::Membership).or(self.grants.in_use()))
    }
}
