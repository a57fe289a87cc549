//! IAM policies: a JSON document becomes a compiled [`Policy`], and [`evaluate`] decides with policies over a request.
//! Everything is pure: no clock, no store, no network. Callers keep compiled policies and give what is known of the
//! request as [`Keys`].
//!
//! Grammar: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>;
//! evaluation: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.

mod condition;
mod document;
mod evaluate;
mod keys;
mod limits;
mod malformed;
mod pattern;
mod principal;
mod request;
mod resource;
mod statement;
mod texts;

pub use document::{Kind, Policy};
pub use evaluate::{Decision, Denial, Layer, Policies, evaluate};
pub use keys::Keys;
pub use malformed::Malformed;
pub use principal::Caller;
pub use request::Request;
