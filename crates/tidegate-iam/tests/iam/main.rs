//! IAM and STS in-process, through the registry.

mod access;
mod cases;
mod house;
mod sessions;
mod sweep;
