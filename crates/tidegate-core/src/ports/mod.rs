//! What one service needs of another. A service holds the port as `Arc<dyn …>`; the server wires in the service that
//! implements it, so that services never depend on one another.

mod credentials;
mod invoke;
mod logs;

pub use credentials::{
    AssumeRole, AssumeRoleError, CredentialError, Credentials, Identity, RoleSession, SessionCredentials,
};
pub use invoke::{InvocationType, InvokeError, InvokeFunction, InvokeRequest, InvokeResponse};
pub use logs::{LogBatch, LogDestination, LogEvent, LogSink};
