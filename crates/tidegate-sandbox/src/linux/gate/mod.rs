//! The way out: lets programs reach the internet from a network namespace that has no way out.
//!
//! Programs make their sockets in the sandbox's own network. A system call filter hands each `connect` to the
//! supervisor, which stayed in the host's network as an unprivileged user. For an address that the [`Policy`] lets
//! pass, it connects a socket of the host's network and puts it in the place of the program's. Everything else it
//! connects on the program's own socket, in the sandbox's network.
//!
//! What makes this safe: the supervisor never lets the kernel go on with a call that it looked at, because another
//! thread could change the arguments meanwhile; it makes each call itself, with its own copy. Programs get TCP sockets
//! only (a datagram socket could send anywhere), cannot listen on them, and cannot connect them in the other ways that
//! the kernel knows: the filter refuses fast open. Names are resolved by a [`relay`] in the sandbox's network.

mod call;
mod policy;
mod relay;

pub(crate) use call::connect as connect_raw;
pub(crate) use policy::Policy;

use call::{Call, Target};
use relay::Relay;
use std::io;
use std::net::UdpSocket;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

/// Most calls that wait for a connection at the same time; further ones answer `EAGAIN`.
const WAITING_MAX: usize = 128;

/// The supervisor's part of the way out.
pub(crate) struct Gate {
    policy: Policy,
    /// One for each program: where its calls arrive.
    doors: Vec<OwnedFd>,
    relay: Option<Relay>,
    /// Tells sockets of the host's network from those of the sandbox.
    host: u64,
    /// Children that wait for a connection.
    waiting: Vec<libc::pid_t>,
}

impl Gate {
    /// A gate; `names` is the socket inside at which programs ask for names.
    pub fn new(policy: Policy, names: Option<UdpSocket>) -> io::Result<Gate> {
        let host = call::network_of(UdpSocket::bind("127.0.0.1:0")?.as_fd())?;
        let relay = names.map(|socket| Relay::new(socket, policy.resolvers().to_vec())).transpose()?;
        Ok(Gate { policy, doors: Vec::new(), relay, host, waiting: Vec::new() })
    }

    /// Adds a program by the descriptor that its filter gave.
    pub fn add(&mut self, door: OwnedFd) {
        self.doors.push(door);
    }

    /// What to wait for.
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.doors.iter().map(AsFd::as_fd).chain(self.relay.iter().flat_map(Relay::fds))
    }

    /// Serves what is ready, in the order of [`Gate::fds`].
    pub fn serve(&mut self, ready: &[bool]) {
        let (doors, names) = ready.split_at(self.doors.len().min(ready.len()));
        if let Some(relay) = &mut self.relay {
            relay.serve(names);
        }
        let open: Vec<bool> = doors.iter().enumerate().map(|(at, ready)| !ready || self.serve_door(at)).collect();
        let mut open = open.into_iter();
        // Doors whose program and all its children are gone.
        self.doors.retain(|_| open.next().unwrap_or(true));
    }

    /// A child of the supervisor has ended.
    pub fn ended(&mut self, pid: libc::pid_t) {
        self.waiting.retain(|waiting| *waiting != pid);
    }

    /// Takes one call; `false` when there will be no more.
    fn serve_door(&mut self, at: usize) -> bool {
        let door = self.doors[at].as_fd();
        match Call::receive(door) {
            Ok(call) => {
                let answer = self.decide(&call);
                answer.unwrap_or_else(|why| call.answer(&Err(why)));
                true
            }
            // The program has died since; or all of them, and the door is closed.
            Err(why) => why.raw_os_error() == Some(libc::ENOENT) && !call::closed(door),
        }
    }

    fn decide(&mut self, call: &Call) -> io::Result<()> {
        let socket = call.socket()?;
        let of_host = call::network_of(socket.as_fd()).is_ok_and(|network| network == self.host);
        if call.is_listen() {
            let refused = || Err(io::Error::from_raw_os_error(libc::EACCES));
            call.answer(&if of_host { refused() } else { call.listen(&socket) });
            return Ok(());
        }
        let target = call.target()?;
        let outside = match &target {
            Target::Internet(to) if call::is_tcp(socket.as_fd()) => self.policy.outside(*to),
            _ => None,
        };
        match (outside, of_host) {
            // The second call for a connection that is being made asks how it goes.
            (Some(_), true) => self.connect(call, socket, target, false),
            (Some(to), false) => {
                let fresh = call::socket_like(socket.as_fd(), to)?;
                self.connect(call, fresh, Target::Internet(to), true)
            }
            (None, true) => Err(io::Error::from_raw_os_error(libc::EINVAL)),
            (None, false) => self.connect(call, socket, target, false),
        }
    }

    /// Connects, without holding up the others.
    fn connect(&mut self, call: &Call, socket: OwnedFd, target: Target, replace: bool) -> io::Result<()> {
        if call::nonblocking(socket.as_fd())? {
            call.connect(&socket, &target, replace);
            return Ok(());
        }
        if self.waiting.len() >= WAITING_MAX {
            return Err(io::Error::from_raw_os_error(libc::EAGAIN));
        }
        // SAFETY: this process has one thread, so the child may do whatever this process could.
        match crate::sys::check(unsafe { libc::fork() })? {
            0 => {
                call.connect(&socket, &target, replace);
                // SAFETY: ends the child at once, without running anything that belongs to the parent.
                unsafe { libc::_exit(0) }
            }
            pid => self.waiting.push(pid),
        }
        Ok(())
    }
}

/// A network namespace with loopback and listeners, made by a child so that this process stays where it is. Answers the
/// namespace and the listening sockets.
pub(crate) fn network_beside(listen: &[crate::spec::Listen]) -> io::Result<(OwnedFd, Vec<OwnedFd>)> {
    let (ours, theirs) = UnixStream::pair()?;
    // SAFETY: this process has one thread, so the child may do whatever this process could.
    let pid = crate::sys::check(unsafe { libc::fork() })?;
    if pid == 0 {
        let code = match make_network(listen, &theirs) {
            Ok(()) => 0,
            Err(why) => why.raw_os_error().unwrap_or(libc::EIO),
        };
        // SAFETY: ends the child at once, without running anything that belongs to the parent.
        unsafe { libc::_exit(code) }
    }
    drop(theirs);
    let received = crate::frame::receive(&ours)?;
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    crate::sys::check(unsafe { libc::waitpid(pid, &raw mut status, 0) })?;
    let failed = || io::Error::from_raw_os_error(libc::WEXITSTATUS(status));
    let mut fds = received.ok_or_else(failed)?.1.into_iter();
    let network = fds.next().ok_or_else(failed)?;
    Ok((network, fds.collect()))
}

fn make_network(listen: &[crate::spec::Listen], to: &UnixStream) -> io::Result<()> {
    super::syscalls::unshare(libc::CLONE_NEWNET)?;
    let sockets = super::network::set_up(listen)?;
    // SAFETY: the path is static; the descriptor is new and ours alone.
    let network = unsafe {
        let fd = libc::open(c"/proc/thread-self/ns/net".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        OwnedFd::from_raw_fd(crate::sys::check(fd)?)
    };
    let fds: Vec<BorrowedFd<'_>> = [network.as_fd()].into_iter().chain(sockets.iter().map(AsFd::as_fd)).collect();
    crate::frame::send(to, &[], &fds)
}

/// Enters the sandbox's network, in a program to be.
pub(crate) fn enter(network: &OwnedFd) -> io::Result<()> {
    // SAFETY: no memory is involved.
    crate::sys::check(unsafe { libc::setns(network.as_raw_fd(), libc::CLONE_NEWNET) }).map(drop)
}
