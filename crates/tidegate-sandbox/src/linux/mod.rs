//! What only Linux has. The server's side: [`clone`], [`cgroup`], [`identity`], [`probe`]; the supervisor's side:
//! [`root`], [`network`], [`gate`], [`confine`] and below it [`seccomp`], [`landlock`], [`capabilities`].

pub(crate) mod capabilities;
pub(crate) mod cgroup;
pub(crate) mod clone;
pub(crate) mod confine;
pub(crate) mod gate;
pub(crate) mod identity;
pub(crate) mod landlock;
pub(crate) mod network;
pub(crate) mod probe;
pub(crate) mod root;
pub(crate) mod seccomp;
pub(crate) mod syscalls;

pub(crate) use cgroup::Group;
pub(crate) use clone::{Supervisor, launch};

use crate::error::Error;
use crate::layer::{Layer, Layers};
use crate::spec::{Mount, MountKind, User};
use identity::Identity;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Decides who the programs are outside, and answers who they are to the supervisor.
pub(crate) fn identify(supervisor: &Supervisor, user: &User, layers: Layers) -> Result<User, Error> {
    let identity = Identity::new(user);
    if layers.has(Layer::User) {
        clone::map_users(supervisor.pid, &identity).map_err(|why| Error::System("map the sandbox's users", why))?;
        return Ok(user.clone());
    }
    Ok(identity.without_namespace())
}

/// The mounts that a supervisor needs from the server, because its own user may not go where they are. An ordinary
/// user's supervisor is the same user and finds the paths by itself.
pub(crate) fn sources(mounts: &[Mount], layers: Layers) -> Result<Vec<Option<OwnedFd>>, Error> {
    let of = |mount: &Mount| match &mount.kind {
        MountKind::ReadOnly(path) | MountKind::ReadWrite(path) | MountKind::Device(path) => source(path, layers),
        _ => Ok(None),
    };
    mounts.iter().map(of).collect()
}

/// As [`sources`], for one path.
pub(crate) fn source(path: &Path, layers: Layers) -> Result<Option<OwnedFd>, Error> {
    if !identity::distinct() || !layers.has(Layer::Mount) || !layers.has(Layer::User) {
        return Ok(None);
    }
    syscalls::open_tree(path).map(Some).map_err(|why| Error::Inside(format!("mount {}", path.display()), why))
}

/// Leaves out layers that cannot be had without one that is left out.
pub(crate) fn consistent(layers: Layers) -> Layers {
    let without = |layers: Layers, these: &[Layer]| these.iter().fold(layers, |layers, one| layers.without(*one));
    // SAFETY: cannot fail and involves no memory.
    let root = unsafe { libc::geteuid() } == 0;
    let layers = if root || layers.has(Layer::User) { layers } else { without(layers, &probe::NAMESPACES) };
    // A file tree without a view of its own processes would show everybody's.
    let layers = if layers.has(Layer::Pid) { layers } else { layers.without(Layer::Mount) };
    if layers.has(Layer::Mount) { layers } else { layers.without(Layer::Landlock) }
}
