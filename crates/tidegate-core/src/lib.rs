//! What every service is built of. A service crate declares a [`Service`] with its table of [`Row`]s, one for each
//! [`Operation`]; the server adds it to the [`Registry`], and from the rows follow routing, input checks, authorization,
//! the request log and the coverage page. What one service needs of another goes through a port (see [`ports`]).
//!
//! Nothing here parses or renders a wire format, and nothing here knows a particular service.

mod answer;
mod authorize;
mod context;
mod error;
mod operation;
mod page;
pub mod ports;
mod principal;
mod registry;
pub mod testing;
mod token;

pub use answer::{Empty, One};
pub use authorize::{Authorizer, Check, ConditionValues};
pub use context::{Context, Environment};
pub use error::AwsError;
pub use operation::{BoxFuture, Direct, Operation, Payload, Row, Service, direct_row, payload_row, row};
pub use page::Page;
pub use principal::{Principal, PrincipalKind};
pub use registry::{Bound, CallDirect, CallPayload, Registry};
pub use token::{InvalidToken, Token};
