//! `CreateUser`: a user, without keys or permissions.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::entities::create::{Creatable, New, Plain};
use crate::operations::shared::check_boundary;
use crate::tables::{Grants, User};
use std::collections::BTreeSet;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

impl Creatable for User {
    type Particulars = Plain;
    const CREATE: Verb = verb!("CreateUser");

    fn create(new: New, _: Plain) -> Result<User, Error> {
        let New { name, path, id, created, tags, boundary } = new;
        let grants = Grants { boundary, ..Grants::default() };
        Ok(User { name, path, id, created, tags, grants, groups: BTreeSet::new(), access_keys: BTreeSet::new() })
    }

    fn check(&self, state: &Snapshot, account: &AccountId) -> Result<(), Error> {
        check_boundary(state, account, self.grants.boundary.as_ref())
    }
}
