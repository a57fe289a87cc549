//! What Linux adds to a supervisor and to the programs that it starts.

pub(super) use super::watch::Watch;
use super::{Failure, Step};
use crate::layer::Layer;
use crate::linux::{confine, gate, network, root, syscalls};
pub(crate) use confine::{join, lock};
pub(crate) use root::add as mount;

use crate::protocol::Setup;
use crate::spec::{Listen, MountKind, Outward, Transport};
use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::os::fd::OwnedFd;

/// The memory watch, if there is something to watch.
pub(crate) fn watch(setup: &Setup, files: Vec<OwnedFd>) -> Option<Watch> {
    let spaces = setup.mounts.iter().filter(|item| matches!(item.mount.kind, MountKind::Tmpfs { .. }));
    let folders: BTreeSet<_> = spaces.filter_map(|item| root::seen_from_outside(&item.mount.target)).collect();
    let folders = folders.into_iter().collect();
    Watch::new(setup.watch, &mut files.into_iter(), folders, setup.limits.memory_bytes)
}

/// The way out and the network that it leads out of.
pub(crate) struct Gate {
    gate: gate::Gate,
    network: OwnedFd,
}

impl Gate {
    /// In a supervisor that stays in the host's network: makes the sandbox's beside it.
    fn open(setup: &Setup, outward: &Outward) -> io::Result<(Vec<OwnedFd>, Gate)> {
        let mut listen = setup.listen.clone();
        let names = Listen { transport: Transport::Udp, address: SocketAddrV4::new(Ipv4Addr::LOCALHOST, 53) };
        let relays = !outward.resolvers.is_empty() && !listen.contains(&names);
        listen.extend(relays.then_some(names));
        let (network, mut sockets) = gate::network_beside(&listen)?;
        let names = if relays { sockets.pop().map(UdpSocket::from) } else { None };
        let policy = gate::Policy { allow: outward.allow.clone(), resolvers: outward.resolvers.clone() };
        Ok((sockets, Gate { gate: gate::Gate::new(policy, names)?, network }))
    }
}

impl std::ops::Deref for Gate {
    type Target = gate::Gate;
    fn deref(&self) -> &gate::Gate {
        &self.gate
    }
}

impl std::ops::DerefMut for Gate {
    fn deref_mut(&mut self) -> &mut gate::Gate {
        &mut self.gate
    }
}

/// Changes what the process sees and who it is.
pub(crate) fn enter(setup: &Setup, gate: Option<&Gate>) -> Result<(), Failure> {
    confine::enter(setup, gate.map(|gate| &gate.network))
}

pub(crate) fn set_up(setup: &Setup, sources: Vec<OwnedFd>) -> Result<(Vec<OwnedFd>, Option<Gate>), Failure> {
    syscalls::prctl(libc::PR_SET_CHILD_SUBREAPER, 1).step("adopt orphans")?;
    // SAFETY: cannot fail and involves no memory.
    let uid = unsafe { libc::getuid() };
    if setup.layers.has(Layer::User) && uid != setup.user.uid {
        // So far the server's user, who has no name in the namespace. Capabilities in it are kept.
        confine::become_user(0, 0).step("become the sandbox's own root")?;
    }
    // Programs cannot look into this process, whatever they are.
    syscalls::prctl(libc::PR_SET_DUMPABLE, 0).step("hide from programs")?;
    syscalls::prctl(libc::PR_SET_NO_NEW_PRIVS, 1).step("rule out new privileges")?;
    if setup.layers.has(Layer::Uts) && !setup.hostname.is_empty() {
        // SAFETY: pointer and length describe the string, which outlives the call.
        crate::sys::check(unsafe { libc::sethostname(setup.hostname.as_ptr().cast(), setup.hostname.len()) })
            .step("set the host name")?;
    }
    if setup.layers.has(Layer::Mount) {
        root::build(&setup.mounts, sources)?;
    }
    match &setup.outward {
        Some(outward) => {
            let (listeners, gate) = Gate::open(setup, outward).step("set up the network")?;
            Ok((listeners, Some(gate)))
        }
        None if setup.layers.has(Layer::Network) => {
            Ok((network::set_up(&setup.listen).step("set up the network")?, None))
        }
        None => Ok((Vec::new(), None)),
    }
}
