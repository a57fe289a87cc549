//! May they do that?

use super::{Access, Mode, conditions};
use crate::Error;
use std::sync::Arc;
use tidegate_core::{Authorizer, AwsError, Check, Context, Principal, PrincipalKind};
use tidegate_policy::{Caller, Decision, Denial, Keys, Kind, Layer, Policies, Policy, Request, evaluate};
use tidegate_types::Arn;

impl Authorizer for Access {
    fn authorize(&self, cx: &Context, check: &Check) -> Result<(), AwsError> {
        if self.mode == Mode::Off {
            return Ok(());
        }
        if is_barred(&cx.principal, &check.action) {
            return Err(Error::SessionOfUser.into());
        }
        if is_owner(cx, check) {
            return Ok(());
        }
        match self.decide(&cx.principal, check, || conditions::of_request(cx, check))? {
            Decision::Allow => Ok(()),
            Decision::Deny(denial) => self.refuse(&sentence(&cx.principal, check, denial)),
        }
    }
}

/// What `GetSessionToken` gives may not call IAM without a second factor, and of STS only `AssumeRole` (what asks for no
/// permission does not come here). <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
fn is_barred(principal: &Principal, action: &str) -> bool {
    let session = principal.access_key_id.starts_with("ASIA");
    let own = matches!(principal.kind, PrincipalKind::Root | PrincipalKind::User { .. });
    // Passing a role is a permission that other services ask for.
    let barred = action.starts_with("iam:") && action != "iam:PassRole";
    session && own && (barred || (action.starts_with("sts:") && !is_trust(action)))
}

/// The root of an account may do everything in it that no resource's policy denies: the most common case by far.
fn is_owner(cx: &Context, check: &Check) -> bool {
    let root = cx.principal.kind == PrincipalKind::Root;
    root && check.resource_policy.is_none() && owner(&check.resource).is_none_or(|o| o == cx.principal.account.as_str())
}

/// The account in an ARN; `None` where it has none.
fn owner(resource: &str) -> Option<&str> {
    resource.split(':').nth(4).filter(|digits| digits.len() == 12)
}

impl Access {
    /// Refuses, or logs what would have been refused.
    pub(super) fn refuse(&self, sentence: &str) -> Result<(), AwsError> {
        if self.mode == Mode::Warn {
            tracing::warn!("would be refused: {sentence}");
            return Ok(());
        }
        Err(AwsError::access_denied(sentence))
    }

    /// What the policies say, whatever the mode.
    pub(super) fn decide(
        &self,
        principal: &Principal,
        check: &Check,
        keys: impl FnOnce() -> Keys,
    ) -> Result<Decision, Error> {
        self.decide_with(principal, &[], check, keys)
    }

    /// The same with further identity policies, as a simulation has them.
    pub(super) fn decide_with(
        &self,
        principal: &Principal,
        further: &[Arc<Policy>],
        check: &Check,
        keys: impl FnOnce() -> Keys,
    ) -> Result<Decision, Error> {
        let standing = self.standings.of(&self.state, principal)?;
        let session = self.session_policies(principal)?;
        let kind = if is_trust(&check.action) { Kind::Trust } else { Kind::Resource };
        let resource = check.resource_policy.as_deref().map(|document| self.standings.compile(kind, document));
        let policies = Policies {
            identity: standing.identity.iter().chain(further).map(Arc::as_ref).collect(),
            boundary: standing.boundary.as_deref(),
            session: session.iter().map(Arc::as_ref).collect(),
            resource: resource.as_deref(),
        };
        // Most policies have neither conditions nor variables: nothing need be known of the request then.
        let keys = if policies.all().any(Policy::uses_keys) { keys() } else { Keys::new() };
        let (arn, principal_arn) = (principal.arn(), principal.principal_arn());
        let request = Request {
            action: &check.action,
            resource: &check.resource,
            resource_account: owner(&check.resource),
            caller: caller(principal, &arn, &principal_arn),
            keys: &keys,
        };
        Ok(evaluate(&request, &policies))
    }

    /// Session policies are documents, or ARNs of managed policies.
    fn session_policies(&self, principal: &Principal) -> Result<Vec<Arc<Policy>>, Error> {
        let compile = |text: &String| match text.parse::<Arn>() {
            Ok(_) => self.standings.managed_or_nothing(&self.state.snapshot(), &principal.account, text),
            Err(_) => Ok(self.standings.compile(Kind::Identity, text)),
        };
        principal.session_policies.iter().map(compile).collect()
    }
}

impl Access {
    /// What the policies of a principal, and further documents, say to a request that is not made.
    pub(crate) fn simulate(
        &self,
        principal: &Principal,
        further: &[String],
        check: &Check,
        context: &tidegate_core::ConditionValues,
    ) -> Result<Decision, Error> {
        let further: Vec<_> = further.iter().map(|text| self.standings.compile(Kind::Identity, text)).collect();
        let keys = || {
            let mut keys = conditions::of_principal(principal);
            conditions::add(&mut keys, context);
            keys
        };
        self.decide_with(principal, &further, check, keys)
    }
}

/// Actions whose resource policy is a role's trust policy.
fn is_trust(action: &str) -> bool {
    matches!(action, "sts:AssumeRole" | "sts:TagSession" | "sts:SetSourceIdentity")
}

pub(super) fn caller<'a>(principal: &'a Principal, arn: &'a str, principal_arn: &'a str) -> Caller<'a> {
    let account = principal.account.as_str();
    match &principal.kind {
        PrincipalKind::Root => Caller::Root { account },
        PrincipalKind::User { .. } => Caller::User { arn, account },
        PrincipalKind::AssumedRole { .. } => Caller::Session { arn, role_arn: principal_arn, account },
        PrincipalKind::Service { name } => Caller::Service(name),
        PrincipalKind::Anonymous => Caller::Anonymous,
    }
}

/// AWS' sentence. For roles it ends before the reason.
fn sentence(principal: &Principal, check: &Check, denial: Denial) -> String {
    let (who, action, resource) = (principal.arn(), &check.action, &check.resource);
    let start = format!("User: {who} is not authorized to perform: {action} on resource: {resource}");
    match denial {
        Denial::Implicit(Layer::Trust | Layer::Identity) if is_trust(action) => start,
        denial => format!("{start} {}", denial.reason(action)),
    }
}
