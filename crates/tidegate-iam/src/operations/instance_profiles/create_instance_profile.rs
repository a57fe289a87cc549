//! `CreateInstanceProfile`: a profile without a role.

use crate::Error;
use crate::entity::{Verb, verb};
use crate::operations::entities::create::{Creatable, New, Plain};
use crate::tables::InstanceProfile;

impl Creatable for InstanceProfile {
    type Particulars = Plain;
    const CREATE: Verb = verb!("CreateInstanceProfile");

    fn create(new: New, _: Plain) -> Result<InstanceProfile, Error> {
        let New { name, path, id, created, tags, .. } = new;
        Ok(InstanceProfile { name, path, id, created, tags, role: None })
    }
}
