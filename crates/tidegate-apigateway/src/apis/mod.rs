//! The control plane: what an API is made of, and how a change of it is made, stored and put live.

mod api;
mod authorizer;
mod change;
mod cors;
mod deployment;
mod integration;
mod length;
mod lookup;
mod mapping;
mod page;
mod quick;
mod route;
mod route_key;
mod stage;
mod tags;

pub use api::{Api, ApiSettings};
pub use authorizer::{Authorizer, AuthorizerSettings, IdentitySource};
pub use change::Change;
pub use cors::Cors;
pub use deployment::{Deployment, Snapshot};
pub use integration::{Integration, IntegrationSettings, IntegrationType, Parameters, function_arn};
pub use length::description;
pub use lookup::Lookup;
pub use mapping::{Action, JsonPath, Piece, Place, Rule, Side, Step, Template};
pub use page::{Page, PageRequest};
pub use quick::Quick;
pub use route::{AuthorizationType, Route, RouteMembers};
pub use route_key::{RouteKey, Segment};
pub use stage::{AccessLogSettings, RouteSettings, Stage, StageSettings};
pub use tags::{Taggable, checked as checked_tags};
