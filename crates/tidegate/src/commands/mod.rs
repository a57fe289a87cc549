//! The commands, one file each.

pub mod exec;
pub mod start;
