//! Who is asking.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tidegate_types::{AccountId, Arn, Tags};

/// An authenticated caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The account that the caller belongs to.
    pub account: AccountId,
    /// What kind of caller, with what only that kind has.
    pub kind: PrincipalKind,
    /// The access key that signed the request; empty where none did.
    pub access_key_id: Arc<str>,
    /// Session policies (JSON documents) that cut down what the session may do.
    pub session_policies: Vec<String>,
    /// `aws:PrincipalTag/…`: tags of the user or role, and of the session.
    pub tags: Tags,
}

/// The kinds of caller that IAM knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrincipalKind {
    /// The account itself.
    Root,
    /// An IAM user.
    User {
        /// Path and name, such as `/team/alice` or `/alice`.
        path_and_name: String,
        /// The unique id, `AIDA…`.
        id: String,
    },
    /// A session of an IAM role.
    AssumedRole {
        /// Path and name of the role, such as `/service-role/api` or `/api`.
        role_path_and_name: String,
        /// The role's unique id, `AROA…`.
        role_id: String,
        /// The session's name.
        session_name: String,
    },
    /// An AWS service, such as `apigateway.amazonaws.com`.
    Service {
        /// The service principal.
        name: String,
    },
    /// Nobody: the operation is open to unsigned requests.
    Anonymous,
}

impl Principal {
    /// The root of an account.
    pub fn root(account: AccountId) -> Principal {
        Principal::of(account, PrincipalKind::Root)
    }

    /// An AWS service that acts in an account.
    pub fn service(account: AccountId, name: &str) -> Principal {
        Principal::of(account, PrincipalKind::Service { name: name.to_owned() })
    }

    /// A caller without a signature.
    pub fn anonymous(account: AccountId) -> Principal {
        Principal::of(account, PrincipalKind::Anonymous)
    }

    /// A caller of this kind without session policies or tags.
    pub fn of(account: AccountId, kind: PrincipalKind) -> Principal {
        Principal { account, kind, access_key_id: "".into(), session_policies: Vec::new(), tags: Tags::new() }
    }

    /// The caller's ARN as `GetCallerIdentity` shows it; a service or an anonymous caller shows its name.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
    pub fn arn(&self) -> String {
        match &self.kind {
            PrincipalKind::Root => Arn::global("iam", &self.account, "root").to_string(),
            PrincipalKind::User { path_and_name, .. } => {
                Arn::global("iam", &self.account, format_args!("user{path_and_name}")).to_string()
            }
            PrincipalKind::AssumedRole { role_path_and_name, session_name, .. } => {
                let name = role_path_and_name.rsplit('/').next().unwrap_or_default();
                Arn::global("sts", &self.account, format_args!("assumed-role/{name}/{session_name}")).to_string()
            }
            PrincipalKind::Service { name } => name.clone(),
            PrincipalKind::Anonymous => "anonymous".to_owned(),
        }
    }

    /// `aws:PrincipalArn`: the role itself for a session, else the caller's ARN.
    pub fn principal_arn(&self) -> String {
        match &self.kind {
            PrincipalKind::AssumedRole { role_path_and_name, .. } => {
                Arn::global("iam", &self.account, format_args!("role{role_path_and_name}")).to_string()
            }
            _ => self.arn(),
        }
    }

    /// `aws:userid`: the unique id, with the session's name behind a colon.
    pub fn user_id(&self) -> String {
        match &self.kind {
            PrincipalKind::User { id, .. } => id.clone(),
            PrincipalKind::AssumedRole { role_id, session_name, .. } => format!("{role_id}:{session_name}"),
            PrincipalKind::Service { name } => name.clone(),
            PrincipalKind::Root => self.account.to_string(),
            PrincipalKind::Anonymous => "anonymous".to_owned(),
        }
    }
}
