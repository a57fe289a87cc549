//! Project files: what `tidegate deploy` reads, compares with what is there, and does. It knows the server only as any
//! client of AWS does: over HTTP, signed.
//!
//! A deployment has three steps. [`file`] reads the project, [`resources`] says for each resource what it should look
//! like and what is there, and [`plan`] puts the differences in order and carries them out.

pub mod client;
pub mod file;
pub mod http;
mod package;
pub mod plan;
pub mod resources;

pub use client::Client;
pub use file::Project;
pub use plan::{Change, Plan, Step};
