//! The layers of isolation and how one talks about them.

use std::fmt;

/// One layer of isolation. Each can be missing on a host, and the others still hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Layer {
    /// User namespace: programs have an identity that means nothing outside.
    User,
    /// Mount namespace: programs see only the file tree of the [`crate::Spec`].
    Mount,
    /// Process namespace: programs see and signal only one another, and all die together.
    Pid,
    /// System V IPC and POSIX queue namespace.
    Ipc,
    /// Host name namespace.
    Uts,
    /// Network namespace: programs reach only the sandbox's own listeners.
    Network,
    /// Control group for memory: the limit counts all processes and is enforced by the kernel.
    Memory,
    /// Control group for processor time.
    Cpu,
    /// Control group for the number of processes.
    Pids,
    /// Control group that stops and continues all processes at once.
    Freezer,
    /// System call filter.
    Seccomp,
    /// Landlock rules on files, as a second fence behind the mount namespace.
    Landlock,
}

impl Layer {
    /// All of them, outermost first.
    pub const ALL: [Layer; 12] = [
        Layer::User,
        Layer::Mount,
        Layer::Pid,
        Layer::Ipc,
        Layer::Uts,
        Layer::Network,
        Layer::Memory,
        Layer::Cpu,
        Layer::Pids,
        Layer::Freezer,
        Layer::Seccomp,
        Layer::Landlock,
    ];

    /// The short name used in messages.
    pub fn name(self) -> &'static str {
        match self {
            Layer::User => "userns",
            Layer::Mount => "mountns",
            Layer::Pid => "pidns",
            Layer::Ipc => "ipcns",
            Layer::Uts => "utsns",
            Layer::Network => "netns",
            Layer::Memory => "memory-cgroup",
            Layer::Cpu => "cpu-cgroup",
            Layer::Pids => "pids-cgroup",
            Layer::Freezer => "freezer",
            Layer::Seccomp => "seccomp",
            Layer::Landlock => "landlock",
        }
    }

    /// What is lost without the layer, as a sentence for a person.
    pub fn without(self) -> &'static str {
        match self {
            Layer::User => "programs run with an identity that also exists outside of the sandbox",
            Layer::Mount => "programs can read every file that the server's user can read",
            Layer::Pid => "programs see other processes, and one that hides well may outlive its sandbox",
            Layer::Ipc => "programs share System V IPC objects with the host",
            Layer::Uts => "programs see the host's name",
            Layer::Network => "programs reach everything that the host reaches, its loopback services too",
            Layer::Memory => "memory is limited per process only, not for all processes of a sandbox together",
            Layer::Cpu => "programs may use all processors",
            Layer::Pids => "the number of processes is limited per user only",
            Layer::Freezer => "processes are stopped by signals one by one between uses",
            Layer::Seccomp => "programs may use every system call",
            Layer::Landlock => "there is no second fence behind the mount namespace",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layers(pub u32);

impl Layers {
    pub fn has(self, layer: Layer) -> bool {
        self.0 & (1 << layer as u8) != 0
    }

    pub fn with(self, layer: Layer) -> Layers {
        Layers(self.0 | 1 << layer as u8)
    }

    pub fn without(self, layer: Layer) -> Layers {
        Layers(self.0 & !(1 << layer as u8))
    }

    /// The layers that are not in the set.
    pub fn missing(self) -> Vec<Layer> {
        Layer::ALL.into_iter().filter(|layer| !self.has(*layer)).collect()
    }
}
