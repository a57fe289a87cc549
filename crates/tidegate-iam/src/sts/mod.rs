//! STS' operations: who am I, and credentials for a while.

mod assume_role;
mod get_access_key_info;
mod get_caller_identity;
mod get_session_token;

use crate::Error;
use crate::access::NewSession;
use crate::state::State;
use serde::Serialize;
use std::sync::Arc;
use tidegate_core::ports::SessionCredentials;
use tidegate_core::{Row, Service, row};
use tidegate_types::Timestamp;

/// The service `sts`.
pub struct Sts {
    state: Arc<State>,
}

impl Service for Sts {
    const MODEL: &'static str = "sts";
    const OPERATIONS: &'static [Row<Sts>] = &[
        row::<assume_role::AssumeRole>(),
        row::<get_access_key_info::GetAccessKeyInfo>(),
        row::<get_caller_identity::GetCallerIdentity>(),
        row::<get_session_token::GetSessionToken>(),
    ];
}

impl Sts {
    pub(crate) fn new(state: Arc<State>) -> Sts {
        Sts { state }
    }

    fn open(&self, session: NewSession) -> Result<SessionCredentials, Error> {
        session.open(&self.state)
    }
}

/// Temporary credentials as answers show them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CredentialsView {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: Timestamp,
}

impl From<SessionCredentials> for CredentialsView {
    fn from(credentials: SessionCredentials) -> CredentialsView {
        CredentialsView {
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
            expiration: credentials.expiration,
        }
    }
}
