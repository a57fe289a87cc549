//! `CreatePolicy`: a managed policy, whose first version is `v1`.

use crate::entity::{Verb, verb};
use crate::operations::entities::create::{Creatable, New};
use crate::tables::{ManagedPolicy, Version};
use crate::{Error, documents};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Particulars {
    policy_document: String,
    description: Option<String>,
}

impl Creatable for ManagedPolicy {
    type Particulars = Particulars;
    const CREATE: Verb = verb!("CreatePolicy");

    fn create(new: New, particulars: Particulars) -> Result<ManagedPolicy, Error> {
        let New { name, path, id, created, tags, .. } = new;
        documents::check_managed(&particulars.policy_document)?;
        Ok(ManagedPolicy {
            name,
            path,
            id,
            created,
            updated: created,
            description: particulars.description,
            tags,
            versions: BTreeMap::from([(1, Version { document: particulars.policy_document, created })]),
            default_version: 1,
            next_version: 2,
        })
    }
}
