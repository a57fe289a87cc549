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
mod resource;
mod statement;

pub use document::{Kind, Policy};
pub use evaluate::{Decision, Denial, Layer, Policies, Request, evaluate};
pub use keys::Keys;
pub use malformed::Malformed;
pub use principal::Caller;
