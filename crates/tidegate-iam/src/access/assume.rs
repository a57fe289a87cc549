//! Role sessions for services: the role's trust policy decides.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use super::{Access, Mode, NewSession, conditions};
use crate::Error;
use crate::entity::Entity;
use crate::tables::Role;
use tidegate_core::ports::{AssumeRole, AssumeRoleError, RoleSession, SessionCredentials};
use tidegate_core::{Check, Principal, PrincipalKind};
use tidegate_types::{AccountId, Arn};

impl AssumeRole for Access {
    fn assume_role(&self, session: &RoleSession) -> Result<SessionCredentials, AssumeRoleError> {
        let (account, role) = self.trusted(session)?;
        let principal = role_principal(account, &role, &session.session_name, session.tags.clone());
        let new = NewSession { principal, duration_s: session.duration_s };
        new.open(&self.state).map_err(failed)
    }

    fn can_assume(&self, session: &RoleSession) -> Result<(), AssumeRoleError> {
        self.trusted(session).map(drop)
    }
}

impl Access {
    /// The role, if its trust policy lets the service in.
    fn trusted(&self, session: &RoleSession) -> Result<(AccountId, Role), AssumeRoleError> {
        let (account, role) = self.role(&session.role_arn)?;
        if self.mode == Mode::Off {
            return Ok((account, role));
        }
        let service = Principal::service(session.source_account.clone(), &session.service);
        let mut check = Check::new("sts:AssumeRole", &session.role_arn).resource_policy(Some(role.trust.as_str()));
        check = check.with("aws:SourceAccount", session.source_account.as_str());
        if let Some(arn) = &session.source_arn {
            check = check.with("aws:SourceArn", arn);
        }
        let keys = || {
            let mut keys = conditions::of_principal(&service);
            let now = self.state.clock.now();
            keys.set("aws:CurrentTime", now.iso8601());
            keys.set("aws:EpochTime", (now.as_ms() / 1000).to_string());
            keys.set("aws:RequestedRegion", session.region.as_str());
            conditions::add(&mut keys, &check.conditions);
            keys
        };
        let allowed = self.decide(&service, &check, keys).map_err(failed)?.is_allow();
        let sentence = || format!("{} cannot assume {}", session.service, session.role_arn);
        if !allowed && self.refuse(&sentence()).is_err() {
            Err(AssumeRoleError::NotTrusted)
        } else {
            Ok((account, role))
        }
    }

    /// The role of an ARN, path included.
    fn role(&self, arn: &str) -> Result<(AccountId, Role), AssumeRoleError> {
        let account = arn.parse::<Arn>().ok().and_then(|parsed| parsed.account().parse::<AccountId>().ok());
        let account = account.ok_or(AssumeRoleError::NoSuchRole)?;
        let name = arn.rsplit('/').next().unwrap_or_default();
        match Role::get(&self.state.snapshot(), &account, name) {
            Ok(role) if role.arn(&account) == arn => Ok((account, role)),
            Ok(_) | Err(Error::NoSuch(..)) => Err(AssumeRoleError::NoSuchRole),
            Err(error) => Err(failed(error)),
        }
    }
}

fn failed(error: Error) -> AssumeRoleError {
    AssumeRoleError::Failed(error.into())
}

/// A session of a role; session tags go before the role's own.
pub(crate) fn role_principal(
    account: AccountId,
    role: &Role,
    session_name: &str,
    session_tags: tidegate_types::Tags,
) -> Principal {
    let kind = PrincipalKind::AssumedRole {
        role_path_and_name: format!("{}{}", role.path, role.name),
        role_id: role.id.clone(),
        session_name: session_name.to_owned(),
    };
    let mut tags = role.tags.clone();
    tags.extend(session_tags);
    Principal { tags, ..Principal::of(account, kind) }
}
