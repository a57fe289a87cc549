//! Puts the services, the listeners and the background tasks together into one server. Tests start it in-process with
//! [`Server::start`], the command does the same.

mod app;
mod assemble;
mod config;
pub mod coverage;
pub mod edge;
mod error;
mod server;
mod tasks;

pub use app::App;
pub use assemble::{data_folder_is_free, verify_data_folder};
pub use config::{Config, Data, IamMode, Sandboxing};
pub use edge::Proxies;
pub use error::StartError;
pub use server::Server;
