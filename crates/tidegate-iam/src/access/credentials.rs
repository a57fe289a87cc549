//! Whose key is it?

use super::Access;
use super::session::Session;
use crate::limits;
use crate::tables::{ACCESS_KEYS, USERS};
use std::sync::Arc;
use tidegate_core::ports::{CredentialError, Credentials, Identity};
use tidegate_core::{Principal, PrincipalKind};
use tidegate_types::{AccountId, Timestamp};

/// The secret of the keys that need not be made: `test`, and any account's twelve digits.
const LOCAL_SECRET: &str = "test";
/// The key of the root of account 000000000000.
const LOCAL_KEY: &str = "test";

impl Credentials for Access {
    fn identity(&self, access_key_id: &str, session_token: Option<&str>) -> Result<Identity, CredentialError> {
        if let Some(token) = session_token {
            return self.session(access_key_id, token);
        }
        if access_key_id.starts_with("ASIA") {
            return Err(CredentialError::InvalidToken);
        }
        match local_account(access_key_id) {
            Some(_) if access_key_id == LOCAL_KEY => Ok(LOCAL_IDENTITY.with(Identity::clone)),
            Some(account) => Ok(root(access_key_id, account)),
            None => self.stored(access_key_id),
        }
    }
}

thread_local! {
    /// Whom [`LOCAL_KEY`] stands for: most requests, so that no two threads share this one's counters.
    static LOCAL_IDENTITY: Identity = root(LOCAL_KEY, AccountId::local());
}

fn local_account(access_key_id: &str) -> Option<AccountId> {
    if access_key_id == LOCAL_KEY { Some(AccountId::local()) } else { access_key_id.parse().ok() }
}

fn root(access_key_id: &str, account: AccountId) -> Identity {
    let principal = Principal { access_key_id: access_key_id.into(), ..Principal::root(account) };
    Identity { secret: LOCAL_SECRET.into(), principal: Arc::new(principal) }
}

/// An opened session.
#[derive(Clone)]
pub(super) struct Known {
    identity: Identity,
    expires: Timestamp,
}

impl Access {
    /// The session of a token, for the key that signed with it.
    fn session(&self, access_key_id: &str, token: &str) -> Result<Identity, CredentialError> {
        let known = match self.sessions.get(token) {
            Some(known) => known,
            None => {
                let session = Session::unseal(&self.state, token).ok_or(CredentialError::InvalidToken)?;
                let identity = Identity { secret: session.secret.into(), principal: Arc::new(session.principal) };
                let known = Known { identity, expires: session.expires };
                self.sessions.put(token.into(), known.clone(), limits::SESSIONS_MAX);
                known
            }
        };
        if *known.identity.principal.access_key_id != *access_key_id {
            return Err(CredentialError::InvalidToken);
        }
        let over = known.expires <= self.state.clock.now();
        if over { Err(CredentialError::ExpiredToken) } else { Ok(known.identity) }
    }

    /// A key that `CreateAccessKey` made.
    fn stored(&self, access_key_id: &str) -> Result<Identity, CredentialError> {
        let snapshot = self.state.snapshot();
        // A store that cannot be read knows no key; it logs its own failure.
        let key = snapshot.get(&ACCESS_KEYS, access_key_id).ok().flatten();
        let key = key.filter(|key| key.active).ok_or(CredentialError::UnknownKey)?;
        let user = snapshot.get(&USERS, (&key.account, key.user.as_str())).ok().flatten();
        let user = user.ok_or(CredentialError::UnknownKey)?;
        let kind = PrincipalKind::User { path_and_name: format!("{}{}", user.path, user.name), id: user.id };
        let principal = Principal::of(key.account, kind);
        let principal = Principal { tags: user.tags, access_key_id: access_key_id.into(), ..principal };
        Ok(Identity { secret: key.secret.into(), principal: Arc::new(principal) })
    }
}
