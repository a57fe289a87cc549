//! IAM and STS in-process, through the registry.

mod access;
mod any_input;
mod cases;
mod conflicts;
mod house;
mod sessions;
mod sweep;
