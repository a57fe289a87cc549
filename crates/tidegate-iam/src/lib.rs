//! AWS Identity and Access Management, and its Security Token Service: who there is, and who may do what.
//!
//! [`open`] gives three things over one state: the services [`Iam`] and [`Sts`] with their operations, and [`Access`],
//! which answers every other service's questions (whose key is this? may they do that? give me a session of this role).
//! What is stored is in [`tables`]; decisions are made by `tidegate-policy`; nothing here knows a wire format.

mod access;
mod documents;
mod entity;
mod error;
mod limits;
mod managed;
mod operations;
mod page;
mod policies;
mod state;
mod sts;
mod tables;
mod text;
mod views;

pub use access::{Access, Mode};
pub use error::Error;
pub use operations::Iam;
pub use sts::Sts;

use std::sync::Arc;
use tidegate_store::Store;
use tidegate_types::{Clock, Ids};

/// The services and the ports over one state.
pub struct Parts {
    /// IAM's operations, for the registry.
    pub iam: Arc<Iam>,
    /// STS' operations, for the registry.
    pub sts: Arc<Sts>,
    /// Keys, permissions and role sessions, for the edge and for other services.
    pub access: Arc<Access>,
}

/// Opens IAM over a store that holds what earlier runs left. The first time, it makes the key that seals session tokens.
///
/// # Errors
/// What the store answers.
pub async fn open(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, mode: Mode) -> Result<Parts, Error> {
    let state = Arc::new(state::State::open(store, clock, ids).await?);
    let access = Arc::new(Access::new(state.clone(), mode));
    let iam = Arc::new(Iam::new(state.clone(), access.clone()));
    let sts = Arc::new(Sts::new(state));
    Ok(Parts { iam, sts, access })
}
