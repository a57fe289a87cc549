//! `CreateGroup`: a group without members.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::entities::create::{Creatable, New, Plain};
use crate::tables::{Grants, Group};

impl Creatable for Group {
    type Particulars = Plain;
    const CREATE: Verb = verb!("CreateGroup");

    fn create(new: New, _: Plain) -> Result<Group, Error> {
        let New { name, path, id, created, .. } = new;
        Ok(Group { name, path, id, created, grants: Grants::default() })
    }
}
