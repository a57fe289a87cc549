//! Keys and roles: what the edge and the functions need of IAM and STS.

use crate::{AwsError, Principal};
use std::sync::Arc;
use tidegate_types::{AccountId, Region, Tags, Timestamp};

/// Who an access key belongs to, and the secret that its signatures are made with.
#[derive(Clone)]
pub struct Identity {
    /// The secret access key.
    pub secret: Arc<str>,
    /// Whose key it is.
    pub principal: Arc<Principal>,
}

/// Why a key is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialError {
    /// There is no such key, or it is inactive.
    UnknownKey,
    /// The session token is missing, damaged, or of another key.
    InvalidToken,
    /// The session is over.
    ExpiredToken,
}

/// Looks keys up.
pub trait Credentials: Send + Sync {
    /// The identity behind an access key and, for temporary keys, its session token.
    fn identity(&self, access_key_id: &str, session_token: Option<&str>) -> Result<Identity, CredentialError>;
}

/// Temporary credentials.
#[derive(Clone)]
pub struct SessionCredentials {
    /// `ASIA…`.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token.
    pub session_token: String,
    /// When they end.
    pub expiration: Timestamp,
    /// Who they are.
    pub principal: Arc<Principal>,
}

/// A service asks for a session of a role.
#[derive(Debug, Clone)]
pub struct RoleSession {
    /// The role's ARN.
    pub role_arn: String,
    /// The service principal that assumes it, such as `lambda.amazonaws.com`.
    pub service: String,
    /// The session's name: Lambda uses the function's.
    pub session_name: String,
    /// `aws:SourceArn`, for trust policies that ask for it.
    pub source_arn: Option<String>,
    /// `aws:SourceAccount`.
    pub source_account: AccountId,
    /// The region of the service that asks.
    pub region: Region,
    /// How long it lasts, in seconds: 900 to 43,200.
    pub duration_s: u32,
    /// Session tags.
    pub tags: Tags,
}

/// Why a role was not given.
#[derive(Debug, Clone)]
pub enum AssumeRoleError {
    /// There is no such role.
    NoSuchRole,
    /// The trust policy does not let the service in.
    NotTrusted,
    /// The role could not be read.
    Failed(AwsError),
}

/// Gives sessions of roles to services.
pub trait AssumeRole: Send + Sync {
    /// Checks the trust policy and gives credentials. No write, no wait.
    fn assume_role(&self, session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError>;

    /// Checks the trust policy only.
    fn can_assume(&self, session: &RoleSession) -> Result<(), AssumeRoleError>;
}
