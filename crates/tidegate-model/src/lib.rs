//! The shapes of AWS' APIs as compact tables: operations, members, bindings, constraints and errors; facts only.
//!
//! The tables in `data/` are written by `cargo xtask model` and embedded in the binary. A service's table is decoded
//! when it is first asked for, so services that nobody uses cost neither memory nor start-up time.
//! What the facts mean on the wire is `tidegate-wire`'s business, not ours.

mod catalog;
mod operation;
mod route;
mod service;
mod shape;
mod table;

pub use catalog::{Header, Protocol, headers, service, service_by_rpc_name, service_by_version, services_signed_as};
pub use operation::{Operation, Pages};
pub use route::{Labels, Route, Segment};
pub use service::Service;
pub use shape::{
    Constraints, ErrorTrait, Kind, Location, Member, Named, Namespace, Shape, ShapeId, Structure, TimestampFormat,
};
