//! `DeleteRole`: only one without instance profiles and policies.

use crate::Error;
use crate::entity::{Entity, Verb, verb};
use crate::error::InUse;
use crate::operations::entities::delete::Deletable;
use crate::tables::{InstanceProfile, Role};
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

impl Deletable for Role {
    const DELETE: Verb = verb!("DeleteRole");

    fn in_use(&self, state: &Snapshot, account: &AccountId) -> Result<Option<InUse>, Error> {
        let key = Some(self.name.to_lowercase());
        let in_profile = InstanceProfile::all(state, account)?.iter().any(|profile| profile.role == key);
        Ok(in_profile.then_some(InUse::InstanceProfile).or(self.grants.in_use()))
    }
}
