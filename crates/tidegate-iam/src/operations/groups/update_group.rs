//! `UpdateGroup`: members stay.

use crate::Error;
use crate::entity::{Entity, Verb, verb};
use crate::operations::entities::update::Renamable;
use crate::tables::{Group, User};
use tidegate_store::Transaction;
use tidegate_types::AccountId;

impl Renamable for Group {
    const UPDATE: Verb = verb!("UpdateGroup");

    fn tell(&self, old: &str, tx: &mut Transaction, account: &AccountId) -> Result<(), Error> {
        for mut user in User::all(tx, account)? {
            if user.groups.remove(old) {
                user.groups.insert(self.name.to_lowercase());
                user.save(tx, account)?;
            }
        }
        Ok(())
    }
}
