//! IAM and STS in-process, through the registry.

mod access;
mod cases;
mod conflicts;
mod house;
mod sessions;
mod sweep;
