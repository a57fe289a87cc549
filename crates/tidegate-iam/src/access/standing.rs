//! What a principal may do by its own policies, compiled, and kept until something in IAM changes.

use super::cache::Cache;
use crate::entity::Entity;
use crate::state::State;
use crate::tables::{Grants, Group, Role, User};
use crate::{Error, limits, policies};
use std::sync::Arc;
use tidegate_core::{Principal, PrincipalKind};
use tidegate_policy::{Kind, Policy};
use tidegate_store::Snapshot;
use tidegate_types::AccountId;

/// The policies of a user or role.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub(super) identity: Vec<Arc<Policy>>,
    pub(super) boundary: Option<Arc<Policy>>,
}

/// Compiled documents, and the standings of principals.
#[derive(Default)]
pub(super) struct Standings {
    compiled: Cache<(Kind, Arc<str>), Arc<Policy>>,
    /// With the generation in which they were read.
    standings: Cache<(AccountId, String), (u64, Arc<Standing>)>,
}

/// Stands in for a document that the parser refuses: nothing may be done under it. Documents are checked when they are
/// stored, so that only a change of the grammar could bring one here.
const DENY_ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;

impl Standings {
    /// The compiled form of a document.
    pub(super) fn compile(&self, kind: Kind, document: &str) -> Arc<Policy> {
        let key = (kind, Arc::<str>::from(document));
        self.compiled.get_or(key, limits::COMPILED_POLICIES_MAX, || {
            let policy = Policy::parse(document, kind).or_else(|error| {
                tracing::error!(%error, document, "a stored policy cannot be read; it denies everything");
                Policy::parse(DENY_ALL, Kind::Identity)
            });
            Arc::new(policy.expect("the constant above is a policy; a test parses it"))
        })
    }

    /// The policies of a principal: empty for those that have none of their own.
    pub(super) fn of(&self, state: &State, principal: &Principal) -> Result<Arc<Standing>, Error> {
        let key = match &principal.kind {
            PrincipalKind::User { id, .. } => id,
            PrincipalKind::AssumedRole { role_id, .. } => role_id,
            _ => return Ok(Arc::default()),
        };
        let key = (principal.account.clone(), key.clone());
        // Read before the snapshot is taken: a change between the two only makes the entry stale at once.
        let generation = state.generation();
        if let Some((known, standing)) = self.standings.get(&key)
            && known == generation
        {
            return Ok(standing);
        }
        let standing = Arc::new(self.read(&state.snapshot(), principal)?);
        self.standings.put(key, (generation, standing.clone()), limits::STANDINGS_MAX);
        Ok(standing)
    }

    fn read(&self, snapshot: &Snapshot, principal: &Principal) -> Result<Standing, Error> {
        let account = &principal.account;
        let mut standing = Standing::default();
        match &principal.kind {
            PrincipalKind::User { path_and_name, id } => {
                let user = present(User::get(snapshot, account, last(path_and_name)))?;
                let Some(user) = user.filter(|user| user.id == *id) else { return Ok(standing) };
                self.add(snapshot, account, &user.grants, &mut standing)?;
                for name in &user.groups {
                    if let Some(group) = present(Group::get(snapshot, account, name))? {
                        self.add(snapshot, account, &group.grants, &mut standing)?;
                    }
                }
            }
            PrincipalKind::AssumedRole { role_path_and_name, role_id, .. } => {
                let role = present(Role::get(snapshot, account, last(role_path_and_name)))?;
                // A role made anew under an old name has another id: old sessions have nothing of it.
                let Some(role) = role.filter(|role| role.id == *role_id) else { return Ok(standing) };
                self.add(snapshot, account, &role.grants, &mut standing)?;
            }
            _ => {}
        }
        Ok(standing)
    }

    fn add(
        &self,
        snapshot: &Snapshot,
        account: &AccountId,
        grants: &Grants,
        standing: &mut Standing,
    ) -> Result<(), Error> {
        standing.identity.extend(grants.inline.values().map(|document| self.compile(Kind::Identity, document)));
        for arn in &grants.attached {
            standing.identity.extend(self.managed(snapshot, account, arn)?);
        }
        if let Some(arn) = &grants.boundary {
            standing.boundary = Some(self.managed_or_nothing(snapshot, account, arn)?);
        }
        Ok(())
    }

    /// The same where a policy that is gone must not open doors: boundaries and session policies.
    pub(super) fn managed_or_nothing(
        &self,
        snapshot: &Snapshot,
        account: &AccountId,
        arn: &str,
    ) -> Result<Arc<Policy>, Error> {
        let found = self.managed(snapshot, account, arn)?;
        Ok(found.unwrap_or_else(|| self.compile(Kind::Identity, DENY_ALL)))
    }

    /// The compiled default version of a managed policy.
    fn managed(&self, snapshot: &Snapshot, account: &AccountId, arn: &str) -> Result<Option<Arc<Policy>>, Error> {
        let found = policies::find(snapshot, account, arn)?;
        Ok(found.map(|policy| self.compile(Kind::Identity, policy.document())))
    }
}

fn last(path_and_name: &str) -> &str {
    path_and_name.rsplit('/').next().unwrap_or_default()
}

/// What is not there is no failure here.
fn present<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NoSuch(..)) => Ok(None),
        Err(error) => Err(error),
    }
}
