//! Isolated processes: namespaces, cgroups, seccomp, landlock, limits.
//!
//! A [`Sandbox`] is an isolated group of processes with its own file tree, network and limits, watched by a small
//! supervisor process. The server makes one from a [`Spec`], starts [`Program`]s in it, may show further folders to
//! programs that run already, freezes and thaws them, and takes everything down. What the kernel does not grant is
//! left out and told: see [`probe`], [`Sandbox::missing_layers`] and [`Options::required`].
//!
//! ```no_run
//! use tidegate_sandbox::{Mount, MountKind, Network, Options, Program, Sandbox, Spec, User, base_image};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     tidegate_sandbox::init_main();
//!     let mut root = base_image("nobody", &User::default());
//!     root.push(Mount { target: "/work".into(), kind: MountKind::Directory });
//!     let spec = Spec { root, network: Network::Isolated(vec![]), ..Spec::default() };
//!     let sandbox = Sandbox::spawn(&spec, &Options::default())?;
//!     sandbox.mount("/srv/code".as_ref(), "/work".as_ref())?;
//!     let argv = vec!["/bin/ls".into(), "/work".into()];
//!     let process = sandbox.start(&Program { argv, cwd: "/work".into(), ..Program::default() })?;
//!     println!("{}", std::io::read_to_string(std::fs::File::from(process.stdout))?);
//!     Ok(())
//! }
//! ```
//!
//! This crate knows nothing of what the programs are for. It is the only one with `unsafe` code and with calls that
//! only Linux has.

pub mod archive;
mod codec;
mod error;
mod event;
mod frame;
pub mod fuzz;
mod image;
mod init;
mod layer;
mod limits;
#[cfg(target_os = "linux")]
mod linux;
mod listener;
#[cfg(not(target_os = "linux"))]
mod portable;
mod probe;
mod protocol;
mod resolvers;
mod sandbox;
mod scratch;
pub mod seal;
mod spec;
mod sys;

pub use error::Error;
pub use event::{Channel, Event, Process, ProgramId, Status};
pub use image::base_image;
pub use init::init_main;
pub use layer::Layer;
pub use listener::{Listener, ListenerSocket};
pub use probe::{Capabilities, Capability, Level, probe};
pub use resolvers::host_resolvers;
pub use sandbox::Sandbox;
pub use spec::{Limits, Listen, Mount, MountKind, Network, Options, Outward, Program, Spec, Transport, User};
