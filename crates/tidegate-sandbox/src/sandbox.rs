//! The server's side of one sandbox.

use crate::error::Error;
use crate::frame;
use crate::launch;
use crate::layer::{Layer, Layers};
use crate::limits;
use crate::protocol::{self, ALL_PROGRAMS, Ended, Reply, Request, Setup, Start};
use crate::spec::{Listen, MountKind, Network, Options, Program, Spec, Transport};
use crate::sys;
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A number that names one program of a sandbox; never used twice in the same sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProgramId(u32);

/// A program that was started. The descriptors are in blocking mode.
#[derive(Debug)]
pub struct Process {
    /// Its number, for [`Sandbox::signal`] and [`Event::Exited`].
    pub id: ProgramId,
    /// The reading end of its standard output.
    pub stdout: OwnedFd,
    /// The reading end of its standard error.
    pub stderr: OwnedFd,
    /// The other end of its descriptor 3, if [`Program::channel`] was set.
    pub channel: Option<UnixStream>,
}

/// What happened in a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A program ended. Processes that it left behind may still run: see [`Sandbox::kill_all`].
    Exited {
        /// Which.
        program: ProgramId,
        /// How.
        status: Status,
        /// Whether the memory limit was the reason.
        out_of_memory: bool,
    },
    /// The whole sandbox is gone.
    Gone,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl Status {
    fn from_wait(status: i32) -> Status {
        if libc::WIFSIGNALED(status) {
            Status::Signal(libc::WTERMSIG(status))
        } else {
            Status::Code(libc::WEXITSTATUS(status))
        }
    }
}

/// A socket that the server answers on for the programs of one sandbox.
#[derive(Debug)]
pub struct Listener {
    /// What was asked for.
    pub listen: Listen,
    /// Where programs reach it; differs from `listen` where there is no network namespace.
    pub reached_at: SocketAddr,
    /// The socket itself, in blocking mode.
    pub socket: ListenerSocket,
}

/// The two kinds of [`Listener`].
#[derive(Debug)]
pub enum ListenerSocket {
    /// A TCP listener.
    Tcp(TcpListener),
    /// A UDP socket.
    Udp(UdpSocket),
}

/// An isolated group of processes with its own file tree, network and limits. Dropping it kills every process in it and
/// removes everything it had.
///
/// Its methods make system calls that take microseconds to a few milliseconds and may be called from any thread.
#[derive(Debug)]
pub struct Sandbox {
    control: Mutex<UnixStream>,
    events: UnixStream,
    supervisor: Mutex<Child>,
    layers: Layers,
    listeners: Vec<Listener>,
    places: Mutex<Vec<(PathBuf, PathBuf)>>,
    scratch: Option<PathBuf>,
}

impl Sandbox {
    /// Makes a sandbox in which nothing runs yet. Takes a few milliseconds.
    ///
    /// # Errors
    /// [`Error::Refused`] if the options demand a layer that is missing, [`Error::Inside`] if a step failed.
    pub fn spawn(spec: &Spec, options: &Options) -> Result<Sandbox, Error> {
        let layers = Layers::default();
        if options.required {
            return Err(Error::Refused(layers.missing()));
        }
        let (control, theirs) = UnixStream::pair().map_err(|why| Error::System("make a socket", why))?;
        let (events, their_events) = UnixStream::pair().map_err(|why| Error::System("make a socket", why))?;
        let supervisor = Mutex::new(launch::launch(&theirs.into(), &their_events.into())?);
        let mut sandbox = Sandbox {
            control: Mutex::new(control),
            events,
            supervisor,
            layers,
            listeners: Vec::new(),
            places: Mutex::default(),
            scratch: None,
        };
        sandbox.lay_out(spec)?;
        let setup = Setup { hostname: spec.hostname.clone(), limits: spec.limits.clone(), ..Setup::default() };
        sandbox.ask(&Request::Setup(setup), &[])?;
        sandbox.listeners = host_listeners(&spec.network)?;
        Ok(sandbox)
    }

    /// Runs a program. Any number may run at the same time; they share the sandbox's file tree, network and limits.
    ///
    /// # Errors
    /// [`Error::Inside`] with the reason if the program cannot be run.
    pub fn start(&self, program: &Program) -> Result<Process, Error> {
        let pipe = || io::pipe().map_err(|why| Error::System("make a pipe", why));
        let ((stdout, to_stdout), (stderr, to_stderr)) = (pipe()?, pipe()?);
        let channel =
            program.channel.then(UnixStream::pair).transpose().map_err(|why| Error::System("make a socket", why))?;
        let start = Start {
            argv: program.argv.clone(),
            env: protocol::environment(&program.env),
            cwd: program.cwd.clone(),
            channel: program.channel,
        };
        let mut fds = vec![to_stdout.as_fd(), to_stderr.as_fd()];
        fds.extend(channel.as_ref().map(|(_, theirs)| theirs.as_fd()));
        match self.ask(&Request::Start(start), &fds)?.0 {
            Reply::Started { program, .. } => Ok(Process {
                id: ProgramId(program),
                stdout: stdout.into(),
                stderr: stderr.into(),
                channel: channel.map(|(ours, _)| ours),
            }),
            _ => Err(Error::Silent),
        }
    }

    /// Shows a folder of the host at `target`, read-only, also to programs that run already. `target` must be named in
    /// the [`Spec`], usually as [`MountKind::Directory`].
    ///
    /// # Errors
    /// [`Error::Inside`] if the kernel refuses.
    pub fn mount(&self, source: &Path, target: &Path) -> Result<(), Error> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|(at, _)| at != target);
        places.push((target.to_owned(), source.to_owned()));
        Ok(())
    }

    /// Where programs find what the [`Spec`] puts at `target`: the same path, except where there is no mount namespace.
    pub fn visible_path(&self, target: &Path) -> PathBuf {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let best = places.iter().filter(|(at, _)| target.starts_with(at)).max_by_key(|(at, _)| at.as_os_str().len());
        match best {
            Some((at, host)) => match target.strip_prefix(at) {
                Ok(rest) if rest.as_os_str().is_empty() => host.clone(),
                Ok(rest) => host.join(rest),
                Err(_) => target.to_owned(),
            },
            None => target.to_owned(),
        }
    }

    /// The sockets asked for by [`Network::Isolated`], once.
    pub fn take_listeners(&mut self) -> Vec<Listener> {
        std::mem::take(&mut self.listeners)
    }

    /// The descriptor that becomes readable when there is an [`Event`], for an event loop. Do not read from it.
    pub fn events_fd(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }

    /// The next event if there is one already.
    ///
    /// # Errors
    /// [`Error::System`] if the socket fails.
    pub fn try_event(&self) -> Result<Option<Event>, Error> {
        self.wait_event(Duration::ZERO)
    }

    /// The next event, waiting for at most `wait`.
    ///
    /// # Errors
    /// [`Error::System`] if the socket fails.
    pub fn wait_event(&self, wait: Duration) -> Result<Option<Event>, Error> {
        if !sys::readable(&self.events, wait).map_err(|why| Error::System("wait for an event", why))? {
            return Ok(None);
        }
        match frame::receive(&self.events) {
            Ok(Some((body, _))) => Ok(Ended::decode(&body).map(|ended| self.event(&ended))),
            _ => Ok(Some(Event::Gone)),
        }
    }

    fn event(&self, ended: &Ended) -> Event {
        Event::Exited {
            program: ProgramId(ended.program),
            status: Status::from_wait(ended.status),
            out_of_memory: ended.over_memory,
        }
    }

    /// Sends a signal to one program (not to its children).
    ///
    /// # Errors
    /// [`Error::Inside`] with `ESRCH` if it has ended.
    pub fn signal(&self, program: ProgramId, signal: i32) -> Result<(), Error> {
        self.ask(&Request::Signal { program: program.0, signal }, &[]).map(drop)
    }

    /// Kills every process of the sandbox and returns when none is left. The sandbox stays: its files are kept, and
    /// programs can be started in it again. Each program's [`Event::Exited`] is delivered as usual.
    ///
    /// # Errors
    /// [`Error::Gone`] if the sandbox is gone, which means that no process is left either.
    pub fn kill_all(&self) -> Result<(), Error> {
        self.ask(&Request::KillAll, &[]).map(drop)
    }

    /// Stops all processes where they are. They use no processor time until [`Sandbox::thaw`].
    ///
    /// # Errors
    /// [`Error::Gone`], or [`Error::System`] if the kernel refuses.
    pub fn freeze(&self) -> Result<(), Error> {
        self.ask(&Request::Signal { program: ALL_PROGRAMS, signal: libc::SIGSTOP }, &[]).map(drop)
    }

    /// Lets frozen processes go on.
    ///
    /// # Errors
    /// As [`Sandbox::freeze`].
    pub fn thaw(&self) -> Result<(), Error> {
        self.ask(&Request::Signal { program: ALL_PROGRAMS, signal: libc::SIGCONT }, &[]).map(drop)
    }

    /// Changes the limits of memory and processor time, for a sandbox that was prepared before its use was known.
    ///
    /// # Errors
    /// [`Error::System`] if the kernel refuses, for example because more memory is in use.
    pub fn set_limits(&self, memory_bytes: u64, cpu_milli: u32) -> Result<(), Error> {
        let _ = cpu_milli;
        self.ask(&Request::Memory { bytes: memory_bytes }, &[]).map(drop)
    }

    /// The most memory that was in use at a time since the sandbox was made, in bytes; `None` where nobody counts.
    pub fn memory_peak_bytes(&self) -> Option<u64> {
        None
    }

    /// Processor time used by all processes so far; `None` where nobody counts.
    pub fn cpu_time(&self) -> Option<Duration> {
        None
    }

    /// The layers that this sandbox does not have.
    pub fn missing_layers(&self) -> Vec<Layer> {
        self.layers.missing()
    }

    /// Kills everything and removes every trace; what [`Drop`] does too.
    pub fn destroy(self) {}

    /// Sends a request and waits for its answer.
    fn ask(&self, request: &Request, fds: &[BorrowedFd<'_>]) -> Result<(Reply, Vec<OwnedFd>), Error> {
        let control = self.control();
        let lost = |why: io::Error| match why.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => Error::Gone,
            _ => Error::System("talk to the supervisor", why),
        };
        frame::send(&control, &request.encode(), fds).map_err(lost)?;
        if !sys::readable(&*control, limits::ANSWER_WAIT_MAX).map_err(lost)? {
            // An answer that comes later would be taken for the next request's: never ask again.
            let _ = control.shutdown(std::net::Shutdown::Both);
            return Err(Error::Silent);
        }
        let (body, fds) = frame::receive(&control).map_err(lost)?.ok_or(Error::Gone)?;
        match Reply::decode(&body).ok_or(Error::Silent)? {
            Reply::Failed { what, errno } => Err(Error::Inside(what, io::Error::from_raw_os_error(errno))),
            reply => Ok((reply, fds)),
        }
    }

    fn control(&self) -> MutexGuard<'_, UnixStream> {
        // The socket has no state of ours that a panic could have left half done.
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Without a mount namespace: folders of the host stand for the entries of the file tree.
    fn lay_out(&mut self, spec: &Spec) -> Result<(), Error> {
        let failed = |why| Error::System("make a scratch folder", why);
        let scratch = scratch_folder().map_err(failed)?;
        let mut places = Vec::new();
        for mount in &spec.root {
            let place = match &mount.kind {
                MountKind::ReadOnly(source) | MountKind::ReadWrite(source) | MountKind::Device(source) => {
                    source.clone()
                }
                MountKind::Tmpfs { .. } | MountKind::Directory => {
                    let place = protocol::below(&scratch, &mount.target).ok_or(Error::Invalid("mount target"))?;
                    std::fs::create_dir_all(&place).map_err(failed)?;
                    place
                }
                MountKind::File(_) | MountKind::Symlink(_) | MountKind::Proc => continue,
            };
            places.push((mount.target.clone(), place));
        }
        self.scratch = Some(scratch);
        self.places = Mutex::new(places);
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The supervisor takes everything down when its socket closes.
        let _ = self.control().shutdown(std::net::Shutdown::Both);
        let _ = sys::readable(&self.events, limits::DEATH_WAIT_MAX);
        let mut supervisor = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = supervisor.kill();
        let _ = supervisor.wait();
        if let Some(scratch) = &self.scratch {
            let _ = std::fs::remove_dir_all(scratch);
        }
    }
}

/// A new empty folder that only this user can enter.
fn scratch_folder() -> io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let name = format!("tidegate-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        match std::fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(why),
        }
    }
}

/// Without a network namespace: listeners on a free port of the host's loopback address.
fn host_listeners(network: &Network) -> Result<Vec<Listener>, Error> {
    let Network::Isolated(listen) = network else { return Ok(Vec::new()) };
    let open = |listen: &Listen| -> io::Result<Listener> {
        let (reached_at, socket) = match listen.transport {
            Transport::Tcp => {
                let socket = TcpListener::bind("127.0.0.1:0")?;
                (socket.local_addr()?, ListenerSocket::Tcp(socket))
            }
            Transport::Udp => {
                let socket = UdpSocket::bind("127.0.0.1:0")?;
                (socket.local_addr()?, ListenerSocket::Udp(socket))
            }
        };
        Ok(Listener { listen: *listen, reached_at, socket })
    };
    listen.iter().map(open).collect::<io::Result<_>>().map_err(|why| Error::System("listen", why))
}
