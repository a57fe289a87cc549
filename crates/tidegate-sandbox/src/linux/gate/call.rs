//! One system call of a program that waits for the supervisor's answer.

use crate::sys::check;
use std::io;
use std::mem;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// Bytes of the largest socket address.
const ADDRESS_BYTES_MAX: usize = size_of::<libc::sockaddr_storage>();

/// A call that was received and must be answered.
pub(super) struct Call {
    door: RawFd,
    id: u64,
    pid: u32,
    number: libc::c_long,
    arguments: [u64; 6],
}

/// Where a program wants to connect to, as it was when the supervisor looked.
pub(super) enum Target {
    /// An address of IP version 4 or 6.
    Internet(SocketAddr),
    /// Anything else, in the kernel's form.
    Other(Vec<u8>),
}

impl Call {
    /// Takes the next call from a door.
    pub fn receive(door: BorrowedFd<'_>) -> io::Result<Call> {
        // SAFETY: an all-zero structure is valid, and is what the kernel wants; it outlives the call.
        let call = unsafe {
            let mut call: libc::seccomp_notif = mem::zeroed();
            check(libc::ioctl(door.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut call))?;
            call
        };
        let number = libc::c_long::from(call.data.nr);
        Ok(Call { door: door.as_raw_fd(), id: call.id, pid: call.pid, number, arguments: call.data.args })
    }

    pub fn is_listen(&self) -> bool {
        self.number == libc::SYS_listen
    }

    /// The socket that the call is about. The program may put another one at its number; this one stays.
    pub fn socket(&self) -> io::Result<OwnedFd> {
        // SAFETY: no memory is involved; each descriptor is new and ours alone.
        unsafe {
            let process = check(libc::syscall(libc::SYS_pidfd_open, self.leader()?, 0))?;
            let process = OwnedFd::from_raw_fd(process as RawFd);
            let socket =
                check(libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), self.arguments[0] as RawFd, 0))?;
            let socket = OwnedFd::from_raw_fd(socket as RawFd);
            self.still_waits().map(|()| socket)
        }
    }

    /// The process of the thread that made the call: descriptors can only be asked for by process.
    fn leader(&self) -> io::Result<libc::pid_t> {
        let folder = crate::linux::root::seen_from_outside(std::path::Path::new("/proc")).unwrap_or_default();
        let text = std::fs::read_to_string(folder.join(format!("{}/status", self.pid)))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Tgid:"));
        line.and_then(|line| line.trim().parse().ok()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Makes sure that what was looked at belonged to the caller: its number may have been given to another process.
    fn still_waits(&self) -> io::Result<()> {
        // SAFETY: the number outlives the call.
        check(unsafe { libc::ioctl(self.door, libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const self.id) }).map(drop)
    }

    /// A copy of the address in the program's memory.
    pub fn target(&self) -> io::Result<Target> {
        let length = usize::try_from(self.arguments[2]).unwrap_or(usize::MAX);
        if !(2..=ADDRESS_BYTES_MAX).contains(&length) {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        let mut bytes = vec![0u8; length];
        let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: length };
        let remote = libc::iovec { iov_base: self.arguments[1] as *mut libc::c_void, iov_len: length };
        // SAFETY: the local part describes `bytes`; the remote part is only looked at by the kernel, in the other
        // process's memory, where a bad address is an error.
        let got = check(unsafe {
            libc::process_vm_readv(self.pid.cast_signed(), &raw const local, 1, &raw const remote, 1, 0) as i64
        })?;
        if got.cast_unsigned() != length as u64 {
            return Err(io::Error::from_raw_os_error(libc::EFAULT));
        }
        self.still_waits()?;
        Ok(parse(&bytes).map_or(Target::Other(bytes), Target::Internet))
    }

    /// `listen`, on the program's behalf.
    pub fn listen(&self, socket: &OwnedFd) -> io::Result<()> {
        // SAFETY: no memory is involved.
        check(unsafe { libc::listen(socket.as_raw_fd(), self.arguments[1] as libc::c_int) }).map(drop)
    }

    /// Connects the socket, puts it in the place of the program's if `replace`, and answers the call.
    pub fn connect(&self, socket: &OwnedFd, target: &Target, replace: bool) {
        let connected = match target {
            Target::Internet(to) => connect(socket.as_fd(), &bytes_of(*to)),
            Target::Other(bytes) if bytes[..2] == (libc::AF_UNIX as u16).to_ne_bytes() => {
                crate::linux::root::connect_unix(self.pid, socket.as_fd(), bytes)
            }
            Target::Other(bytes) => connect(socket.as_fd(), bytes),
        };
        let begun = match &connected {
            Ok(()) => true,
            Err(why) => why.raw_os_error() == Some(libc::EINPROGRESS),
        };
        let placed = if replace && begun { self.place(socket) } else { Ok(()) };
        self.answer(&placed.and(connected));
    }

    /// Puts a socket at the number of the program's.
    fn place(&self, socket: &OwnedFd) -> io::Result<()> {
        let place = libc::seccomp_notif_addfd {
            id: self.id,
            flags: libc::SECCOMP_ADDFD_FLAG_SETFD as u32,
            srcfd: socket.as_raw_fd().cast_unsigned(),
            newfd: self.arguments[0] as u32,
            // Nearly every runtime marks its sockets so; one that does not loses an inheritance nobody counts on.
            newfd_flags: libc::O_CLOEXEC.cast_unsigned(),
        };
        // SAFETY: the structure outlives the call.
        check(unsafe { libc::ioctl(self.door, libc::SECCOMP_IOCTL_NOTIF_ADDFD, &raw const place) }).map(drop)
    }

    /// Lets the program go on with this result.
    pub fn answer(&self, result: &io::Result<()>) {
        let error = result.as_ref().err().map_or(0, |why| why.raw_os_error().unwrap_or(libc::EIO));
        let answer = libc::seccomp_notif_resp { id: self.id, val: 0, error: -error, flags: 0 };
        // SAFETY: the structure outlives the call. An error means that the program has died meanwhile.
        unsafe { libc::ioctl(self.door, libc::SECCOMP_IOCTL_NOTIF_SEND, &raw const answer) };
    }
}

/// `connect(2)` with an address in the kernel's form.
pub(crate) fn connect(socket: BorrowedFd<'_>, address: &[u8]) -> io::Result<()> {
    // SAFETY: pointer and length describe `address`.
    check(unsafe { libc::connect(socket.as_raw_fd(), address.as_ptr().cast(), address.len() as libc::socklen_t) })
        .map(drop)
}

/// The address in the kernel's form, if it is one of IP.
fn parse(bytes: &[u8]) -> Option<SocketAddr> {
    let family = libc::c_int::from(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?));
    let port = u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?);
    match family {
        libc::AF_INET => {
            let address: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            Some(SocketAddrV4::new(Ipv4Addr::from(address), port).into())
        }
        libc::AF_INET6 => {
            let flow = u32::from_be_bytes(bytes.get(4..8)?.try_into().ok()?);
            let address: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            let scope =
                bytes.get(24..28).map_or(0, |scope| u32::from_ne_bytes([scope[0], scope[1], scope[2], scope[3]]));
            Some(SocketAddrV6::new(Ipv6Addr::from(address), port, flow, scope).into())
        }
        _ => None,
    }
}

/// An address of IP in the kernel's form.
fn bytes_of(address: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::new();
    match address {
        SocketAddr::V4(address) => {
            bytes.extend((libc::AF_INET as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend(address.ip().octets());
            bytes.extend([0; 8]);
        }
        SocketAddr::V6(address) => {
            bytes.extend((libc::AF_INET6 as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend(address.flowinfo().to_be_bytes());
            bytes.extend(address.ip().octets());
            bytes.extend(address.scope_id().to_ne_bytes());
        }
    }
    bytes
}

/// A number that stands for the network that a socket belongs to (Linux 5.14).
pub(super) fn network_of(socket: BorrowedFd<'_>) -> io::Result<u64> {
    const SO_NETNS_COOKIE: libc::c_int = 71;
    option(socket, libc::SOL_SOCKET, SO_NETNS_COOKIE)
}

/// A socket option of a plain type.
fn option<T: Copy>(socket: BorrowedFd<'_>, level: libc::c_int, name: libc::c_int) -> io::Result<T> {
    let mut value = mem::MaybeUninit::<T>::zeroed();
    let mut length = size_of::<T>() as libc::socklen_t;
    // SAFETY: pointer and length describe `value`, which is plain data (integers, timeval) for which zeros are valid.
    unsafe {
        check(libc::getsockopt(socket.as_raw_fd(), level, name, value.as_mut_ptr().cast(), &raw mut length))?;
        Ok(value.assume_init())
    }
}

fn set_option<T: Copy>(socket: BorrowedFd<'_>, level: libc::c_int, name: libc::c_int, value: T) -> io::Result<()> {
    let length = size_of::<T>() as libc::socklen_t;
    // SAFETY: pointer and length describe `value`.
    check(unsafe { libc::setsockopt(socket.as_raw_fd(), level, name, (&raw const value).cast(), length) }).map(drop)
}

/// Whether the socket is a TCP stream over IP.
pub(super) fn is_tcp(socket: BorrowedFd<'_>) -> bool {
    option::<libc::c_int>(socket, libc::SOL_SOCKET, libc::SO_PROTOCOL)
        .is_ok_and(|protocol| protocol == libc::IPPROTO_TCP)
}

/// Whether calls on the socket return at once.
pub(super) fn nonblocking(socket: BorrowedFd<'_>) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    Ok(check(unsafe { libc::fcntl(socket.as_raw_fd(), libc::F_GETFL) })? & libc::O_NONBLOCK != 0)
}

/// Options that programs set before they connect.
const KEPT: [(libc::c_int, libc::c_int); 7] = [
    (libc::SOL_SOCKET, libc::SO_KEEPALIVE),
    (libc::IPPROTO_TCP, libc::TCP_NODELAY),
    (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE),
    (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL),
    (libc::IPPROTO_TCP, libc::TCP_KEEPCNT),
    (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT),
    (libc::IPPROTO_TCP, libc::TCP_SYNCNT),
];

/// A TCP socket of this process's network that behaves like a program's, for a connection to `to`.
pub(super) fn socket_like(socket: BorrowedFd<'_>, to: SocketAddr) -> io::Result<OwnedFd> {
    let family = if to.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let mode = if nonblocking(socket)? { libc::SOCK_NONBLOCK } else { 0 };
    // SAFETY: no memory is involved; the descriptor is new and ours alone.
    let fresh = unsafe {
        let fd = libc::socket(family, libc::SOCK_STREAM | libc::SOCK_CLOEXEC | mode, libc::IPPROTO_TCP);
        OwnedFd::from_raw_fd(check(fd)?)
    };
    for (level, name) in KEPT {
        // An option that cannot be had makes a connection slower, not wrong.
        let _ =
            option::<libc::c_int>(socket, level, name).and_then(|value| set_option(fresh.as_fd(), level, name, value));
    }
    for name in [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO] {
        let value = option::<libc::timeval>(socket, libc::SOL_SOCKET, name);
        let _ = value.and_then(|value| set_option(fresh.as_fd(), libc::SOL_SOCKET, name, value));
    }
    Ok(fresh)
}

/// Whether a door has nobody behind it any more.
pub(super) fn closed(door: BorrowedFd<'_>) -> bool {
    let mut entry = libc::pollfd { fd: door.as_raw_fd(), events: 0, revents: 0 };
    // SAFETY: `entry` outlives the call.
    unsafe { libc::poll(&raw mut entry, 1, 0) > 0 && entry.revents & libc::POLLHUP != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["127.0.0.1:80", "1.2.3.4:65535", "[::1]:443", "[fe80::1%3]:1"] {
            let address: SocketAddr = text.parse().unwrap();
            assert_eq!(parse(&bytes_of(address)), Some(address));
        }
        for bytes in
            [&[][..], &[2, 0], &[2, 0, 0, 80, 1, 2, 3], &[1, 0, b'/', b'x', 0, 0, 0, 0], &[10, 0, 0, 80, 0, 0, 0, 0, 1]]
        {
            assert_eq!(parse(bytes), None, "{bytes:?}");
        }
    }
}
