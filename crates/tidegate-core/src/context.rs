//! What an operation knows of the request that it answers, and the outside things it may use.

use crate::{Authorizer, AwsError, Check, Principal};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tidegate_types::{AccountId, Arn, Clock, Ids, Region};

/// The things that every operation may use and that tests replace.
pub struct Environment {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and randomness come from.
    pub ids: Arc<dyn Ids>,
    /// Who may do what.
    pub authorizer: Arc<dyn Authorizer>,
}

/// One request: whose it is, where it is for, and what it may use. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The account whose resources are meant: the caller's.
    pub account: AccountId,
    /// The region that the request is for.
    pub region: Region,
    /// The id that the answer carries.
    pub request_id: Arc<str>,
    /// Who asks.
    pub principal: Arc<Principal>,
    /// The client's address.
    pub source_ip: IpAddr,
    /// The client's `User-Agent`, empty if it sent none.
    pub user_agent: Arc<str>,
    /// Whether the request came over TLS.
    pub secure: bool,
    /// Clock, ids, permissions.
    pub environment: Arc<Environment>,
}

impl Context {
    /// A request of Tidegate's own making, on behalf of `principal`.
    pub fn internal(environment: Arc<Environment>, principal: Principal, region: Region) -> Context {
        Context {
            account: principal.account.clone(),
            region,
            request_id: environment.ids.uuid().into(),
            principal: Arc::new(principal),
            source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: "".into(),
            secure: false,
            environment,
        }
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.environment.clock
    }

    /// Ids and randomness.
    pub fn ids(&self) -> &dyn Ids {
        &*self.environment.ids
    }

    /// The ARN of a resource of this account in this region.
    pub fn arn(&self, service: &str, resource: impl std::fmt::Display) -> Arn {
        Arn::new(service, &self.region, &self.account, resource)
    }

    /// Refuses what the caller may not do, with AWS' sentence.
    pub fn authorize(&self, check: &Check) -> Result<(), AwsError> {
        self.environment.authorizer.authorize(self, check)
    }
}
