//! The commands, one file each.

pub mod completion;
pub mod deploy;
pub mod dev;
pub mod doctor;
pub mod env;
pub mod exec;
pub mod help_page;
pub mod invoke;
pub mod logs;
pub mod ls;
pub mod operations;
pub mod reset;
pub mod runtimes;
pub mod shell;
pub mod start;
pub mod status;
pub mod url;
pub mod version;
