//! Sessions of execution roles: asked for once, kept until near their end.

use crate::limits::{SESSION_MARGIN_MS, SESSION_S, SESSIONS_MAX};
use crate::names::{FunctionKey, function_arn};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tidegate_core::ports::{AssumeRole, AssumeRoleError, RoleSession, SessionCredentials};
use tidegate_runtime::{Credentials, CredentialsSource};
use tidegate_types::{Clock, Tags};

/// The service principal that assumes execution roles.
pub(crate) const LAMBDA: &str = "lambda.amazonaws.com";

/// The sessions that are kept, by function and role.
pub(crate) struct Sessions {
    roles: Arc<dyn AssumeRole>,
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<(FunctionKey, String), SessionCredentials>>,
}

impl Sessions {
    pub fn new(roles: Arc<dyn AssumeRole>, clock: Arc<dyn Clock>) -> Sessions {
        Sessions { roles, clock, kept: Mutex::default() }
    }

    /// Whether Lambda may assume the role for this function.
    pub fn check(&self, function: &FunctionKey, role_arn: &str) -> Result<(), AssumeRoleError> {
        self.roles.can_assume(&request(function, role_arn))
    }

    /// A session of the role that is good for a while.
    pub fn get(&self, function: &FunctionKey, role_arn: &str) -> Result<SessionCredentials, AssumeRoleError> {
        let key = (function.clone(), role_arn.to_owned());
        let until_ms = self.clock.now_ms() + SESSION_MARGIN_MS;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = kept.get(&key).filter(|session| session.expiration.as_ms() > until_ms) {
            return Ok(session.clone());
        }
        let session = self.roles.assume_role(&request(function, role_arn))?;
        if kept.len() >= SESSIONS_MAX {
            kept.clear();
        }
        kept.insert(key, session.clone());
        Ok(session)
    }

    /// The same as the runtime asks for it.
    pub fn source(self: &Arc<Sessions>, function: &FunctionKey, role_arn: &str) -> CredentialsSource {
        let (sessions, function, role_arn) = (self.clone(), function.clone(), role_arn.to_owned());
        Arc::new(move || {
            let session = sessions.get(&function, &role_arn).map(credentials);
            Box::pin(std::future::ready(session.map_err(|e| format!("{e:?}"))))
        })
    }
}

fn request(function: &FunctionKey, role_arn: &str) -> RoleSession {
    RoleSession {
        role_arn: role_arn.to_owned(),
        service: LAMBDA.to_owned(),
        session_name: function.2.clone(),
        source_arn: Some(function_arn(function).to_string()),
        source_account: function.0.clone(),
        region: function.1.clone(),
        duration_s: SESSION_S,
        tags: Tags::new(),
    }
}

fn credentials(session: SessionCredentials) -> Credentials {
    Credentials {
        access_key_id: session.access_key_id,
        secret_access_key: session.secret_access_key,
        session_token: session.session_token,
        expiration: session.expiration,
    }
}
