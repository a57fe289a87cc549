//! Who calls, and whom a `Principal` element means.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use crate::Malformed;
use crate::texts::texts;
use serde_json::Value;

/// Who makes a request, as far as policies can tell callers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller<'a> {
    /// The account itself.
    Root {
        /// Its account's digits.
        account: &'a str,
    },
    /// An IAM user.
    User {
        /// The user's ARN.
        arn: &'a str,
        /// Its account's digits.
        account: &'a str,
    },
    /// A session of a role.
    Session {
        /// `arn:aws:sts::…:assumed-role/role/session`.
        arn: &'a str,
        /// The role's ARN.
        role_arn: &'a str,
        /// Its account's digits.
        account: &'a str,
    },
    /// An AWS service, such as `apigateway.amazonaws.com`.
    Service(&'a str),
    /// A user of an identity provider, by the provider's ARN or host name.
    Federated(&'a str),
    /// Nobody known.
    Anonymous,
}

impl<'a> Caller<'a> {
    /// The caller's account; services and strangers have none.
    pub fn account(&self) -> Option<&'a str> {
        match self {
            Caller::Root { account } | Caller::User { account, .. } | Caller::Session { account, .. } => Some(account),
            _ => None,
        }
    }
}

/// How closely a resource's policy names the caller; the later, the closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grant {
    /// The caller's account: that account's own policies decide who in it may.
    Account,
    /// The caller's role, or everyone: stands without identity policies, but within boundary and session policy.
    Role,
    /// The user or the role session itself, or a service.
    Direct,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Everyone,
    Account(String),
    Arn(String),
    Service(String),
    Federated(String),
    /// Canonical ids of S3 belong to accounts that Tidegate does not model: they match nobody.
    Canonical,
}

/// The value of a `Principal` or `NotPrincipal` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principals(Vec<Named>);

impl Principals {
    /// Reads `"*"` or `{"AWS": …, "Service": …, "Federated": …, "CanonicalUser": …}`.
    pub(crate) fn parse(value: &Value) -> Result<Principals, Malformed> {
        match value {
            Value::String(text) if text == "*" => Ok(Principals(vec![Named::Everyone])),
            Value::String(text) => Err(Malformed::BadPrincipal("STAR".into(), text.clone())),
            Value::Object(kinds) if !kinds.is_empty() => {
                let mut named = Vec::new();
                for (kind, values) in kinds {
                    for text in texts(values)? {
                        named.push(parse_one(kind, text)?);
                    }
                }
                Ok(Principals(named))
            }
            _ => Err(Malformed::Syntax),
        }
    }

    /// How closely the caller is named; `None` if not at all.
    pub(crate) fn grant(&self, caller: &Caller<'_>) -> Option<Grant> {
        self.0.iter().filter_map(|named| named.grant(caller)).max()
    }

    /// The ARNs among them.
    pub(crate) fn arns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|named| match named {
            Named::Arn(arn) => Some(arn.as_str()),
            _ => None,
        })
    }
}

fn parse_one(kind: &str, text: &str) -> Result<Named, Malformed> {
    let bad = || Malformed::BadPrincipal(kind.to_uppercase(), text.to_owned());
    match kind {
        "AWS" => parse_aws(text).ok_or_else(bad),
        "Service" if text.contains('.') && !text.contains(['*', '/', ':']) => Ok(Named::Service(text.to_owned())),
        "Federated" if !text.is_empty() && !text.contains('*') => Ok(Named::Federated(text.to_owned())),
        "CanonicalUser" if !text.is_empty() => Ok(Named::Canonical),
        "Service" | "Federated" | "CanonicalUser" => Err(bad()),
        _ => Err(Malformed::Syntax),
    }
}

fn parse_aws(text: &str) -> Option<Named> {
    let account = |digits: &str| digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["*"] => Some(Named::Everyone),
        [digits] if account(digits) => Some(Named::Account((*digits).to_owned())),
        // A deleted user or role stays as its unique id, which names nobody any more.
        [id] if id.len() >= 16 && id.starts_with('A') && id.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Some(Named::Canonical)
        }
        ["arn", _, "iam", "", digits, "root"] if account(digits) => Some(Named::Account((*digits).to_owned())),
        ["arn", _, "iam", "", digits, name] if account(digits) && is_name(name, &["user/", "role/"]) => {
            Some(Named::Arn(text.to_owned()))
        }
        ["arn", _, "sts", "", digits, name]
            if account(digits) && is_name(name, &["assumed-role/", "federated-user/"]) =>
        {
            Some(Named::Arn(text.to_owned()))
        }
        _ => None,
    }
}

/// Wildcards cannot stand for a part of a principal's name.
fn is_name(name: &str, kinds: &[&str]) -> bool {
    !name.contains(['*', '?']) && kinds.iter().any(|kind| name.len() > kind.len() && name.starts_with(kind))
}

impl Named {
    fn grant(&self, caller: &Caller<'_>) -> Option<Grant> {
        match (self, caller) {
            (Named::Everyone, _) => Some(Grant::Role),
            (Named::Account(account), _) if caller.account() == Some(account) => Some(Grant::Account),
            (Named::Arn(name), Caller::User { arn, .. } | Caller::Session { arn, .. }) if name == arn => {
                Some(Grant::Direct)
            }
            (Named::Arn(name), Caller::Session { role_arn, .. }) if name == role_arn => Some(Grant::Role),
            (Named::Service(name), Caller::Service(caller)) if name == caller => Some(Grant::Direct),
            (Named::Federated(name), Caller::Federated(caller)) if name == caller => Some(Grant::Direct),
            _ => None,
        }
    }
}
