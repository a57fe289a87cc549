//! `CreateRole`: a role with its trust policy.

use crate::entity::{Verb, verb};
use crate::operations::entities::create::{Creatable, New};
use crate::operations::shared::check_boundary;
use crate::tables::{Grants, Role};
use crate::{Error, documents};
use serde::Deserialize;
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

/// Seconds, if the request does not say.
const MAX_SESSION_S_DEFAULT: u32 = 3_600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Particulars {
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<u32>,
}

impl Creatable for Role {
    type Particulars = Particulars;
    const CREATE: Verb = verb!("CreateRole");

    fn create(new: New, particulars: Particulars) -> Result<Role, Error> {
        let New { name, path, id, created, tags, boundary } = new;
        Ok(Role {
            name,
            path,
            id,
            created,
            trust: particulars.assume_role_policy_document,
            description: particulars.description,
            max_session_s: particulars.max_session_duration.unwrap_or(MAX_SESSION_S_DEFAULT),
            tags,
            grants: Grants { boundary, ..Grants::default() },
        })
    }

    fn check(&self, state: &Snapshot, account: &AccountId) -> Result<(), Error> {
        documents::check_trust(state, account, &self.trust)?;
        check_boundary(state, account, self.grants.boundary.as_ref())
    }
}
