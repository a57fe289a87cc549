//! What the edge and the other services ask: whose key is this, may they do that, give me a session of this role.

mod assume;
mod authorize;
mod cache;
mod conditions;
mod credentials;
mod session;
mod standing;

pub(crate) use assume::role_principal;
pub(crate) use session::{NewSession, new_secret};

use crate::state::State;
use cache::Cache;
use credentials::Known;
use standing::Standings;
use std::str::FromStr;
use std::sync::Arc;
use tidegate_types::ParseError;

/// Whether permissions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// What is not allowed is refused, as on AWS.
    #[default]
    Enforce,
    /// What would be refused is logged, and done.
    Warn,
    /// Nothing is checked.
    Off,
}

impl FromStr for Mode {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Mode, ParseError> {
        match text {
            "enforce" => Ok(Mode::Enforce),
            "warn" => Ok(Mode::Warn),
            "off" => Ok(Mode::Off),
            _ => Err(ParseError("the modes are enforce, warn and off")),
        }
    }
}

/// Keys, permissions and role sessions. Implements the ports `Credentials`, `Authorizer` and `AssumeRole`.
pub struct Access {
    state: Arc<State>,
    mode: Mode,
    standings: Standings,
    /// Sessions by token, so that each is opened once.
    sessions: Cache<Arc<str>, Known>,
}

impl Access {
    pub(crate) fn new(state: Arc<State>, mode: Mode) -> Access {
        Access { state, mode, standings: Standings::default(), sessions: Cache::default() }
    }

    /// Whether permissions count.
    pub fn mode(&self) -> Mode {
        self.mode
    }
}
