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

impl Part for Authorizer {
    const TABLE: Table<PartKey, Authorizer> = Table::new("apigateway.authorizers");
    const KIND: Kind = Kind::Authorizer;
    const DEPLOYS: bool = true;
    const COUNT_MAX: usize = limits::AUTHORIZERS_MAX;

    fn id(&self) -> &str {
        &self.authorizer_id
    }
}

impl Part for Deployment {
    const TABLE: Table<PartKey, Deployment> = Table::new("apigateway.deployments");
    const KIND: Kind = Kind::Deployment;
    const DEPLOYS: bool = false;
    const COUNT_MAX: usize = usize::MAX;

    fn id(&self) -> &str {
        &self.deployment_id
    }
}

impl Part for Integration {
    const TABLE: Table<PartKey, Integration> = Table::new("apigateway.integrations");
    const KIND: Kind = Kind::Integration;
    const DEPLOYS: bool = true;
    const COUNT_MAX: usize = limits::INTEGRATIONS_MAX;

    fn id(&self) -> &str {
        &self.integration_id
    }
}

impl Part for Route {
    const TABLE: Table<PartKey, Route> = Table::new("apigateway.routes");
    const KIND: Kind = Kind::Route;
    const DEPLOYS: bool = true;
    const COUNT_MAX: usize = limits::ROUTES_MAX;

    fn id(&self) -> &str {
        &self.route_id
    }
}

impl Part for Stage {
    const TABLE: Table<PartKey, Stage> = Table::new("apigateway.stages");
    const KIND: Kind = Kind::Stage;
    const DEPLOYS: bool = false;
    const COUNT_MAX: usize = limits::STAGES_MAX;

    fn id(&self) -> &str {
        &self.stage_name
    }
}
