//! `DeleteInstanceProfile`: only a profile without a role.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::error::InUse;
use crate::operations::entities::delete::Deletable;
use crate::tables::InstanceProfile;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

impl Deletable for InstanceProfile {
    const DELETE: Verb = verb!("DeleteInstanceProfile");

    fn in_use(&self, _: &Snapshot, _: &AccountId) -> Result<Option<InUse>, Error> {
        Ok(self.role.as_ref().map(|_| InUse::InstanceProfile))
    }
}
