//! Isolated processes: namespaces, cgroups, seccomp, landlock, limits.
//!
//! A [`Sandbox`] is an isolated group of processes with its own file tree, network and limits, watched by a small
//! supervisor process. The server makes one from a [`Spec`], starts [`Program`]s in it, may show further folders to
//! programs that run already, freezes and thaws them, and takes everything down. What the kernel does not grant is
//! left out and told: see [`probe`], [`Sandbox::missing_layers`] and [`Options::required`].
//!
//! This crate knows nothing of what the programs are for. It is the only one with `unsafe` code and with calls that
//! only Linux has.

pub mod archive;
mod codec;
mod error;
mod event;
mod frame;
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
mod spec;
mod sys;

pub use error::Error;
pub use event::{Event, Process, ProgramId, Status};
pub use image::base_image;
pub use init::init_main;
pub use layer::Layer;
pub use listener::{Listener, ListenerSocket};
pub use probe::{Capabilities, Capability, Level, probe};
pub use resolvers::host_resolvers;
pub use sandbox::Sandbox;
pub use spec::{Limits, Listen, Mount, MountKind, Network, Options, Outward, Program, Spec, Transport, User};
