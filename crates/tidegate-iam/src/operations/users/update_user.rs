//! `UpdateUser`: keys and memberships stay.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::entities::update::Renamable;
use crate::tables::{ACCESS_KEYS, User};
use tidegate_store::Transaction;
use tidegate_types::AccountId;

impl Renamable for User {
    const UPDATE: Verb = verb!("UpdateUser");

    fn tell(&self, _: &str, tx: &mut Transaction, _: &AccountId) -> Result<(), Error> {
        for id in &self.access_keys {
            if let Some(mut key) = tx.get(&ACCESS_KEYS, id.as_str())? {
                key.user = self.name.to_lowercase();
                tx.put(&ACCESS_KEYS, id.as_str(), &key)?;
            }
        }
        Ok(())
    }
}
