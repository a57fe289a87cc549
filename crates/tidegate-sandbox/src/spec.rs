//! What a sandbox is made of, as its user writes it down. Plain data: nothing here touches the kernel.

use std::ffi::OsString;
use std::net::{SocketAddr, SocketAddrV4};
use std::path::PathBuf;

/// Everything about one sandbox that is known before a program runs in it.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// The file tree, in order of mounting: later entries may cover earlier ones. The root holds nothing else.
    pub root: Vec<Mount>,
    /// Who the programs are.
    pub user: User,
    /// The answer of `uname -n`; at most 64 bytes.
    pub hostname: String,
    /// How much of the machine the programs may use, all together.
    pub limits: Limits,
    /// What the programs may reach.
    pub network: Network,
}

/// One entry of the file tree.
#[derive(Clone, Debug)]
pub struct Mount {
    /// The absolute path that programs see.
    pub target: PathBuf,
    /// What they find there.
    pub kind: MountKind,
}

/// What stands at one place of the file tree.
#[derive(Clone, Debug)]
pub enum MountKind {
    /// A file or folder of the host, with all mounts below it, read-only, without setuid bits and devices.
    ReadOnly(PathBuf),
    /// A file or folder of the host that programs may change.
    ReadWrite(PathBuf),
    /// A character device of the host such as `/dev/null`.
    Device(PathBuf),
    /// Private memory-backed space, mode 1777, kept as long as the sandbox lives.
    Tmpfs {
        /// Most bytes it may hold: `ENOSPC` beyond.
        bytes: u64,
        /// Most files, folders and links it may hold: `ENOSPC` beyond.
        inodes: u64,
    },
    /// An empty folder, for example the place of a later [`crate::Sandbox::mount`].
    Directory,
    /// A small read-only file with these bytes.
    File(Vec<u8>),
    /// A symbolic link with this text.
    Symlink(PathBuf),
    /// The process file system, showing the sandbox's own processes, with everything dangerous masked.
    Proc,
}

/// The identity of the programs as they see it. Outside it is an unprivileged user id that nobody else has
/// (server is root) or the server's own (it is not).
#[derive(Clone, Debug)]
pub struct User {
    /// User id inside; not 0.
    pub uid: u32,
    /// Group id inside; not 0.
    pub gid: u32,
}

impl Default for User {
    fn default() -> Self {
        User { uid: 993, gid: 990 }
    }
}

/// Limits of a sandbox. The first three count all processes together, the others each process.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Memory without swap, in bytes. What lies in [`MountKind::Tmpfs`] does not count.
    pub memory_bytes: u64,
    /// Processor time in thousandths of one core: 2000 is two cores. 0 is no limit.
    pub cpu_milli: u32,
    /// Most processes and threads.
    pub pids_max: u32,
    /// `RLIMIT_NOFILE`.
    pub open_files: u64,
    /// `RLIMIT_NPROC`.
    pub processes: u64,
    /// `RLIMIT_STACK`, soft, in bytes.
    pub stack_bytes: u64,
    /// `RLIMIT_CORE` in bytes. Keep it 0 unless the host's core pattern is a plain file.
    pub core_bytes: u64,
    /// `RLIMIT_MEMLOCK` in bytes.
    pub locked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory_bytes: 128 << 20,
            cpu_milli: 0,
            pids_max: 1024,
            open_files: 1024,
            processes: 742,
            stack_bytes: 8 << 20,
            core_bytes: 0,
            locked_bytes: 64 << 10,
        }
    }
}

/// What programs of a sandbox can reach over the network.
#[derive(Clone, Debug, Default)]
pub enum Network {
    /// A loopback interface of its own and nothing else: the programs reach each other and these listeners, which
    /// the server gets from [`crate::Sandbox::listeners`].
    Isolated(Vec<Listen>),
    /// As [`Network::Isolated`], and by TCP what [`Outward`] lets pass. Needs the layers network and seccomp; without
    /// one of them nothing more than with `Isolated` is reached, or everything.
    Outward(Vec<Listen>, Outward),
    /// The host's network, unguarded. Only for programs that the user trusts as himself.
    #[default]
    Host,
}

/// What programs reach outside of their own network. Always: the internet's public addresses. Never by themselves: the
/// host, its network, link-local and private addresses.
#[derive(Clone, Debug, Default)]
pub struct Outward {
    /// Addresses that programs reach although they are not public, such as a database on the host's loopback address.
    pub allow: Vec<SocketAddr>,
    /// Where names are resolved, see [`crate::host_resolvers`]. Programs ask at 127.0.0.1:53. Empty: no names.
    pub resolvers: Vec<SocketAddr>,
}

impl Network {
    /// The sockets asked for; `None` for the host's network.
    pub(crate) fn listen(&self) -> Option<&[Listen]> {
        match self {
            Network::Isolated(listen) | Network::Outward(listen, _) => Some(listen),
            Network::Host => None,
        }
    }
}

/// A socket that the sandbox opens inside of its own network for the server to answer on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// TCP or UDP.
    pub transport: Transport,
    /// Address and port as programs see them. An address outside 127.0.0.0/8 is added to the loopback interface.
    pub address: SocketAddrV4,
}

/// The two transports a sandbox can listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A stream listener.
    Tcp,
    /// A datagram socket.
    Udp,
}

/// One program to run inside of a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Path as seen inside, then the arguments. No `PATH` search, no shell.
    pub argv: Vec<OsString>,
    /// The whole environment; nothing is inherited.
    pub env: Vec<(OsString, OsString)>,
    /// Working directory as seen inside.
    pub cwd: PathBuf,
    /// Standard error goes where standard output goes, in the order in which the program writes.
    pub joined: bool,
    /// Give the program two more pipes: it reads from file descriptor 3 and writes to 4. Pipes, because whoever reads from
    /// a socket also wakes the one who waits at its other end.
    pub channel: bool,
}

/// How sandboxes are made, the same for all of a server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Refuse to make a sandbox where the kernel does not grant every layer.
    pub required: bool,
    /// Layers not to use even where they are available, for tests and for hosts where one misbehaves.
    pub without: Vec<crate::Layer>,
}
