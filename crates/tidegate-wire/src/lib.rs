//! AWS' wire protocols, driven by the model, and request signatures. Pure functions; no input or output of its own.
//!
//! A request passes `route` (for which operation is it?), `parse` (one document, whatever the protocol) and `validate`
//! (does the document keep the model's rules?); its answer comes from `render`, its failure from `render_error`.
//! Nothing here knows what an operation does.

mod call;
mod cbor;
mod error;
pub mod limits;
mod parse;
mod render;
mod request;
mod route;
pub mod sigv4;
mod validate;
mod xml;

pub use call::Call;
pub use error::{AwsErrorParts, CommonError, common_error};
pub use parse::{parse, parse_head};
pub use render::{render, render_error, render_json_body, render_payload};
pub use request::{Request, form_pairs, percent_decode};
pub use route::{Routed, Unrouted, route};
pub use validate::validate;
