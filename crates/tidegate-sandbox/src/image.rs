//! The file tree that most programs need: the host's programs and libraries, and small files made for the sandbox.

use crate::spec::{Mount, MountKind, User};
use std::path::Path;

/// Folders with programs and libraries. Where the host has a link, the sandbox gets the same link.
const PROGRAMS: [&str; 8] = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", "/nix/store"];

/// What libraries read from `/etc`; all of it is public on any system.
const SETTINGS: [&str; 10] = [
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/services",
    "/etc/protocols",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
];

const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// A base for [`crate::Spec::root`]: the host's programs and libraries read-only, a few devices, `/proc`, and an `/etc`
/// that names one user, `user_name`. No `/tmp`, no `/sys`, no home folder, nothing of the host's users.
pub fn base_image(user_name: &str, user: &User) -> Vec<Mount> {
    let mut image: Vec<Mount> = PROGRAMS.iter().chain(&SETTINGS).filter_map(|path| of_host(path)).collect();
    image.extend(DEVICES.iter().map(|path| entry(path, MountKind::Device(path.into()))));
    let links =
        [("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "fd/0"), ("/dev/stdout", "fd/1"), ("/dev/stderr", "fd/2")];
    image.extend(links.iter().map(|(at, text)| entry(at, MountKind::Symlink(text.into()))));
    image.push(entry("/proc", MountKind::Proc));
    image.extend(files(user_name, user));
    image
}

fn files(user_name: &str, user: &User) -> [Mount; 5] {
    let file = |path, text: String| entry(path, MountKind::File(text.into_bytes()));
    let User { uid, gid } = user;
    [
        file(
            "/etc/passwd",
            format!("root:x:0:0:root:/:/sbin/nologin\n{user_name}:x:{uid}:{gid}::/home/{user_name}:/sbin/nologin\n"),
        ),
        file("/etc/group", format!("root:x:0:\n{user_name}:x:{gid}:\n")),
        file("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n".to_owned()),
        file("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n".to_owned()),
        file("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n".to_owned()),
    ]
}

fn entry(target: &str, kind: MountKind) -> Mount {
    Mount { target: target.into(), kind }
}

/// The same path as on the host, if it is there.
fn of_host(path: &str) -> Option<Mount> {
    let source = Path::new(path);
    let kind = match std::fs::symlink_metadata(source).ok()? {
        // A link of `/etc` leads elsewhere in `/etc` or to `/usr`; show what it means, not where it leads.
        found if found.is_symlink() && !path.starts_with("/etc/") => {
            MountKind::Symlink(std::fs::read_link(source).ok()?)
        }
        found if found.is_symlink() => MountKind::ReadOnly(std::fs::canonicalize(source).ok()?),
        _ => MountKind::ReadOnly(source.to_owned()),
    };
    Some(entry(path, kind))
}
