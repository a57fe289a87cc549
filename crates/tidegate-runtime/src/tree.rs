//! What an environment's sandbox looks like: AWS' paths, filled from this machine.

use crate::tools::Tools;
use crate::{FunctionSpec, Options, Reach, limits};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};
use tidegate_sandbox::{Limits, Listen, Mount, MountKind, Network, Outward, Spec, Transport, User};

/// Where the code is shown.
pub(crate) const TASK: &str = "/var/task";
/// Where the layers are shown.
pub(crate) const OPT: &str = "/opt";
/// Where bootstrap and SDK are shown.
pub(crate) const RUNTIME: &str = "/var/runtime";
/// Where the interpreter is shown.
pub(crate) const LANG: &str = "/var/lang";
/// Private space of an environment.
pub(crate) const TMP: &str = "/tmp";
/// Where the certificate of the endpoint's authority is shown.
pub(crate) const AUTHORITY: &str = "/etc/tidegate/authority.pem";
/// Where functions reach the AWS endpoint by `https://` and a name of AWS.
const ENDPOINT_TLS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 443);
/// Where functions reach the AWS endpoint.
pub(crate) const ENDPOINT: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 4566);

/// Resources of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Size {
    /// Memory limit in MiB.
    pub memory_mb: u32,
    /// Size of `/tmp` in MiB.
    pub ephemeral_mb: u32,
}

impl Size {
    /// What a function is configured to have.
    pub fn of(function: &FunctionSpec) -> Size {
        Size { memory_mb: function.memory_mb, ephemeral_mb: function.ephemeral_mb }
    }

    /// Memory in bytes.
    pub fn memory_bytes(self) -> u64 {
        u64::from(self.memory_mb) << 20
    }

    /// Processor time in thousandths of a core: 1,769 MB are one core on AWS. Here a function always has one whole core,
    /// as AWS grants while a core is free: a laptop's work should not be slower than it has to be.
    /// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
    pub fn cpu_milli(self) -> u32 {
        (self.memory_mb * 1000 / 1769).max(1000)
    }
}

/// The sandbox of an environment whose function is shown to it later.
pub(crate) fn spec(tools: &Tools, size: Size, options: &Options, names: Option<SocketAddr>) -> Spec {
    let mut root = system();
    let pem = options.authority_pem.iter();
    root.extend(pem.map(|pem| mount(AUTHORITY, MountKind::File(pem.as_str().into()))));
    let read_only = |path: &Path| MountKind::ReadOnly(path.to_owned());
    let tmp = u64::from(size.ephemeral_mb) << 20;
    let own = [
        (LANG, read_only(&tools.interpreter.prefix)),
        (RUNTIME, read_only(&tools.dir.path)),
        ("/var/node_modules", MountKind::Symlink(format!("{RUNTIME}/node_modules").into())),
        (TASK, MountKind::Directory),
        (OPT, MountKind::Directory),
        (TMP, MountKind::Tmpfs { bytes: tmp, inodes: limits::TMP_INODES_MAX }),
    ];
    root.extend(own.map(|(target, kind)| mount(target, kind)));
    Spec {
        root,
        user: User::default(),
        hostname: "169-254-100-1".into(),
        limits: Limits { memory_bytes: size.memory_bytes(), cpu_milli: size.cpu_milli(), ..Limits::default() },
        network: network(&options.reach, names),
    }
}

fn network(reach: &Reach, names: Option<SocketAddr>) -> Network {
    let tcp = |address| Listen { transport: Transport::Tcp, address };
    let listen = vec![tcp(ENDPOINT), tcp(ENDPOINT_TLS)];
    match reach {
        Reach::Endpoint => Network::Isolated(listen),
        Reach::Internet { allow } => {
            Network::Outward(listen, Outward { allow: allow.clone(), resolvers: names.into_iter().collect() })
        }
    }
}

fn mount(target: &str, kind: MountKind) -> Mount {
    Mount { target: target.into(), kind }
}

/// The parts of the machine's own system that interpreters and native modules need.
fn system() -> Vec<Mount> {
    let mut all = vec![mount("/usr", MountKind::ReadOnly("/usr".into()))];
    all.extend(["/bin", "/sbin", "/lib", "/lib32", "/lib64"].into_iter().filter_map(same));
    let etc =
        ["/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf"];
    all.extend(etc.into_iter().chain(["/etc/ld.so.conf.d", "/etc/mime.types"]).filter_map(same));
    let files = [
        (
            "/etc/passwd",
            "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:993:990::/home/sbx_user1051:/sbin/nologin\n",
        ),
        ("/etc/group", "root:x:0:\nsbx_user1051:x:990:\n"),
        ("/etc/hosts", "127.0.0.1 localhost\n"),
        ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
        ("/etc/resolv.conf", "nameserver 127.0.0.1\n"),
    ];
    all.extend(files.map(|(path, text)| mount(path, MountKind::File(text.into()))));
    let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];
    all.extend(devices.map(|path| mount(path, MountKind::Device(path.into()))));
    let links = [("/dev/fd", ""), ("/dev/stdin", "/0"), ("/dev/stdout", "/1"), ("/dev/stderr", "/2")];
    all.extend(links.map(|(path, end)| mount(path, MountKind::Symlink(format!("/proc/self/fd{end}").into()))));
    all.push(mount("/proc", MountKind::Proc));
    all
}

/// What the machine has at a path, link or not.
fn same(path: &str) -> Option<Mount> {
    let found = std::fs::symlink_metadata(path).ok()?;
    let kind = if found.is_symlink() {
        MountKind::Symlink(std::fs::read_link(path).ok()?)
    } else {
        MountKind::ReadOnly(PathBuf::from(path))
    };
    Some(mount(path, kind))
}
