//! What is stored, one typed table per concept. Every key starts with the account and the region.

use crate::apis::{Api, Authorizer, Deployment, Integration, Route, Snapshot, Stage};
use crate::{Error, limits};
use serde::{Serialize, de::DeserializeOwned};
use tidegate_store::Table;
use tidegate_types::{AccountId, Region};

/// Account, region, API id.
pub type ApiKey = (AccountId, Region, String);

/// Account, region, API id, and the part's own id.
pub type PartKey = (AccountId, Region, String, String);

/// APIs.
pub const APIS: Table<ApiKey, Api> = Table::new("apigateway.apis");

/// What deployments serve, by the deployment's id.
pub const SNAPSHOTS: Table<PartKey, Snapshot> = Table::new("apigateway.snapshots");

/// Something that an API consists of.
pub trait Part: Serialize + DeserializeOwned + Clone + Send + 'static {
    /// Where it is stored.
    const TABLE: Table<PartKey, Self>;
    /// What AWS calls it in its errors.
    const KIND: Kind;
    /// Whether a change of one is deployed to stages that deploy automatically.
    const DEPLOYS: bool;
    /// How many one API may have.
    const COUNT_MAX: usize;
    /// The member of requests that names one.
    const ID: &'static str;
    /// The operation that shows one.
    const GET: &'static str;
    /// The operation that lists all that an API has.
    const GET_ALL: &'static str;

    /// The id in the API.
    fn id(&self) -> &str;
}

/// The kinds of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An authorizer.
    Authorizer,
    /// A deployment.
    Deployment,
    /// An integration.
    Integration,
    /// A route.
    Route,
    /// A stage.
    Stage,
}

impl Kind {
    /// The error for an id that names none.
    pub fn missing(self) -> Error {
        Error::NoSuch(self)
    }
}

macro_rules! part {
    ($kind:ident, $id:ident, $member:literal, $table:literal, deploys: $deploys:literal, $count_max:expr) => {
        impl Part for $kind {
            const TABLE: Table<PartKey, $kind> = Table::new($table);
            const KIND: Kind = Kind::$kind;
            const DEPLOYS: bool = $deploys;
            const COUNT_MAX: usize = $count_max;
            const ID: &'static str = $member;
            const GET: &'static str = concat!("Get", stringify!($kind));
            const GET_ALL: &'static str = concat!("Get", stringify!($kind), "s");

            fn id(&self) -> &str {
                &self.$id
            }
        }
    };
}

part!(Authorizer, authorizer_id, "AuthorizerId", "apigateway.authorizers", deploys: true, limits::AUTHORIZERS_MAX);
part!(Deployment, deployment_id, "DeploymentId", "apigateway.deployments", deploys: false, usize::MAX);
part!(Integration, integration_id, "IntegrationId", "apigateway.integrations", deploys: true, limits::INTEGRATIONS_MAX);
part!(Route, route_id, "RouteId", "apigateway.routes", deploys: true, limits::ROUTES_MAX);
part!(Stage, stage_name, "StageName", "apigateway.stages", deploys: false, limits::STAGES_MAX);
