//! What the server and a sandbox's supervisor tell each other.
//!
//! Two sockets: on *control* the server asks and the supervisor answers, one after the other; on *events* the supervisor
//! tells about programs that ended, so that the server can wait there without holding up a request.

use crate::codec::{Reader, Writer};
use crate::layer::Layers;
use crate::spec::{Limits, Listen, Mount, MountKind, Outward, Transport, User};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Stands for every program of the sandbox where a program's number is asked for.
pub(crate) const ALL_PROGRAMS: u32 = 0;

/// What the server asks. Descriptors travel beside it, in the order that each variant names.
pub(crate) enum Request {
    /// The first request. Descriptors: one per entry of `cgroups`, one if `thaw`, those of `watch`, then one for each mount with
    /// `attached`.
    Setup(Setup),
    /// Run a program. Descriptors: those from 1 on.
    Start(Start),
    /// Add a read-only folder at `target`: from the descriptor if there is one, else from the path `source`.
    Mount { target: PathBuf, source: PathBuf },
    /// Send a signal to one program or to all processes.
    Signal { program: u32, signal: i32 },
    /// Kill every process but the supervisor and answer when the last one is gone.
    KillAll,
    /// The memory limit for the watch.
    Memory { bytes: u64 },
}

/// The body of [`Request::Setup`].
#[derive(Default)]
pub(crate) struct Setup {
    pub layers: Layers,
    pub hostname: String,
    pub user: User,
    pub limits: Limits,
    pub mounts: Vec<SetupMount>,
    pub listen: Vec<Listen>,
    /// The way out of the network, if there is one.
    pub outward: Option<Outward>,
    /// Number of descriptors by which a program joins its control groups.
    pub cgroups: u32,
    /// Whether a descriptor for thawing the group follows those.
    pub thaw: bool,
    /// Which descriptors for the memory watch follow.
    pub watch: WatchKind,
}

/// What the memory watch works with. Descriptors: current use, limit, limit of swap, the mark, and with version 2 the
/// events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WatchKind {
    /// No control group.
    #[default]
    None,
    /// Version 1: the mark is `cgroup.event_control`.
    One,
    /// Version 2: the mark is `memory.high`.
    Two,
}

/// One mount, and whether the server hands its source over as a descriptor.
pub(crate) struct SetupMount {
    pub mount: Mount,
    pub attached: bool,
}

/// The body of [`Request::Start`].
pub(crate) struct Start {
    pub argv: Vec<OsString>,
    pub env: Vec<OsString>,
    pub cwd: PathBuf,
}

/// What the supervisor answers.
pub(crate) enum Reply {
    /// Done. Descriptors: after `Setup` the listening sockets, else none.
    Done,
    /// The program runs; its number, and its process id as the supervisor sees it.
    Started { program: u32, pid: u32 },
    /// It did not work; what, and the error number.
    Failed { what: String, errno: i32 },
}

/// What the supervisor reports by itself.
pub(crate) struct Ended {
    pub program: u32,
    /// As `waitpid` gives it.
    pub status: i32,
    /// The memory watch killed it.
    pub over_memory: bool,
}

impl WatchKind {
    /// Number of descriptors.
    pub fn files(self) -> usize {
        match self {
            WatchKind::None => 0,
            WatchKind::One => 4,
            WatchKind::Two => 5,
        }
    }
}

impl Request {
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Request::Setup(setup) => setup.encode(to.u8(1)),
            Request::Start(start) => start.encode(to.u8(2)),
            Request::Mount { target, source } => to.u8(3).path(target).path(source),
            Request::Signal { program, signal } => to.u8(4).u32(*program).u32(*signal as u32),
            Request::KillAll => to.u8(5),
            Request::Memory { bytes } => to.u8(6).u64(*bytes),
        };
        to.0
    }

    pub fn decode(body: &[u8]) -> Option<Request> {
        let from = &mut Reader(body);
        Some(match from.u8()? {
            1 => Request::Setup(Setup::decode(from)?),
            2 => Request::Start(Start::decode(from)?),
            3 => Request::Mount { target: from.path()?, source: from.path()? },
            4 => Request::Signal { program: from.u32()?, signal: from.u32()? as i32 },
            5 => Request::KillAll,
            6 => Request::Memory { bytes: from.u64()? },
            _ => return None,
        })
    }
}

impl Setup {
    fn encode<'a>(&self, to: &'a mut Writer) -> &'a mut Writer {
        to.u32(self.layers.0).os(OsStr::new(&self.hostname)).u32(self.user.uid).u32(self.user.gid);
        put_limits(to, &self.limits);
        to.list(&self.mounts, |to, item| {
            put_mount(to, &item.mount);
            to.bool(item.attached);
        });
        to.list(&self.listen, |to, item| {
            to.bool(item.transport == Transport::Udp).address(item.address);
        });
        to.bool(self.outward.is_some());
        for addresses in self.outward.iter().flat_map(|outward| [&outward.allow, &outward.resolvers]) {
            to.list(addresses, |to, address| {
                to.socket_address(address);
            });
        }
        to.u32(self.cgroups).bool(self.thaw).u8(self.watch as u8)
    }

    fn decode(from: &mut Reader<'_>) -> Option<Setup> {
        Some(Setup {
            layers: Layers(from.u32()?),
            hostname: from.text()?,
            user: User { uid: from.u32()?, gid: from.u32()? },
            limits: take_limits(from)?,
            mounts: from.list(|from| Some(SetupMount { mount: take_mount(from)?, attached: from.bool()? }))?,
            listen: from.list(take_listen)?,
            outward: if from.bool()? { Some(take_outward(from)?) } else { None },
            cgroups: from.u32()?,
            thaw: from.bool()?,
            watch: match from.u8()? {
                0 => WatchKind::None,
                1 => WatchKind::One,
                _ => WatchKind::Two,
            },
        })
    }
}

fn put_limits(to: &mut Writer, limits: &Limits) {
    to.u64(limits.memory_bytes).u32(limits.cpu_milli).u32(limits.pids_max).u64(limits.open_files);
    to.u64(limits.processes).u64(limits.stack_bytes).u64(limits.core_bytes).u64(limits.locked_bytes);
}

fn take_limits(from: &mut Reader<'_>) -> Option<Limits> {
    Some(Limits {
        memory_bytes: from.u64()?,
        cpu_milli: from.u32()?,
        pids_max: from.u32()?,
        open_files: from.u64()?,
        processes: from.u64()?,
        stack_bytes: from.u64()?,
        core_bytes: from.u64()?,
        locked_bytes: from.u64()?,
    })
}

fn put_mount(to: &mut Writer, mount: &Mount) {
    to.path(&mount.target);
    match &mount.kind {
        MountKind::ReadOnly(source) => to.u8(1).path(source),
        MountKind::ReadWrite(source) => to.u8(2).path(source),
        MountKind::Device(source) => to.u8(3).path(source),
        MountKind::Tmpfs { bytes, inodes } => to.u8(4).u64(*bytes).u64(*inodes),
        MountKind::Directory => to.u8(5),
        MountKind::File(contents) => to.u8(6).bytes(contents),
        MountKind::Symlink(text) => to.u8(7).path(text),
        MountKind::Proc => to.u8(8),
    };
}

fn take_mount(from: &mut Reader<'_>) -> Option<Mount> {
    let target = from.path()?;
    let kind = match from.u8()? {
        1 => MountKind::ReadOnly(from.path()?),
        2 => MountKind::ReadWrite(from.path()?),
        3 => MountKind::Device(from.path()?),
        4 => MountKind::Tmpfs { bytes: from.u64()?, inodes: from.u64()? },
        5 => MountKind::Directory,
        6 => MountKind::File(from.bytes()?.to_vec()),
        7 => MountKind::Symlink(from.path()?),
        8 => MountKind::Proc,
        _ => return None,
    };
    Some(Mount { target, kind })
}

fn take_listen(from: &mut Reader<'_>) -> Option<Listen> {
    let transport = if from.bool()? { Transport::Udp } else { Transport::Tcp };
    Some(Listen { transport, address: from.address()? })
}

fn take_outward(from: &mut Reader<'_>) -> Option<Outward> {
    Some(Outward { allow: from.list(Reader::socket_address)?, resolvers: from.list(Reader::socket_address)? })
}

impl Start {
    fn encode<'a>(&self, to: &'a mut Writer) -> &'a mut Writer {
        let put = |to: &mut Writer, item: &OsString| {
            to.os(item);
        };
        to.list(&self.argv, put).list(&self.env, put).path(&self.cwd)
    }

    fn decode(from: &mut Reader<'_>) -> Option<Start> {
        let argv = from.list(Reader::os)?;
        Some(Start { argv, env: from.list(Reader::os)?, cwd: from.path()? })
    }
}

impl Reply {
    /// The failure of a step.
    pub fn failed(what: impl Into<String>, why: &std::io::Error) -> Reply {
        Reply::Failed { what: what.into(), errno: why.raw_os_error().unwrap_or(libc::EIO) }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Reply::Done => to.u8(1),
            Reply::Started { program, pid } => to.u8(2).u32(*program).u32(*pid),
            Reply::Failed { what, errno } => to.u8(3).os(OsStr::new(what)).u32(*errno as u32),
        };
        to.0
    }

    pub fn decode(body: &[u8]) -> Option<Reply> {
        let from = &mut Reader(body);
        Some(match from.u8()? {
            1 => Reply::Done,
            2 => Reply::Started { program: from.u32()?, pid: from.u32()? },
            3 => Reply::Failed { what: from.text()?, errno: from.u32()? as i32 },
            _ => return None,
        })
    }
}

impl Ended {
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.u32(self.program).u32(self.status as u32).bool(self.over_memory);
        to.0
    }

    pub fn decode(body: &[u8]) -> Option<Ended> {
        let from = &mut Reader(body);
        Some(Ended { program: from.u32()?, status: from.u32()? as i32, over_memory: from.bool()? })
    }
}

/// `KEY=VALUE`, as `execve` wants it.
pub(crate) fn environment(pairs: &[(OsString, OsString)]) -> Vec<OsString> {
    let join = |(key, value): &(OsString, OsString)| {
        let mut text = key.clone();
        text.push("=");
        text.push(value);
        text
    };
    pairs.iter().map(join).collect()
}

/// The place of a path of the sandbox below a folder of the host; `..` and the like are refused.
pub(crate) fn below(root: &Path, target: &Path) -> Option<PathBuf> {
    use std::path::Component;
    let inner = target.strip_prefix("/").ok()?;
    inner.components().all(|part| matches!(part, Component::Normal(_))).then(|| root.join(inner))
}
