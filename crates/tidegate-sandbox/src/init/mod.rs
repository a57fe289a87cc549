//! The supervisor of one sandbox: a process of its own, the first one in the sandbox (pid 1 where there is a process
//! namespace). It builds the sandbox, starts programs, collects the dead, and takes everything down when the server
//! closes the control socket, so that nothing survives a server that is killed.
//!
//! It is the server's binary started anew under another name: see [`init_main`]. It has one thread and no secrets.

#[cfg(target_os = "linux")]
#[path = "layers_linux.rs"]
mod layers;
#[cfg(not(target_os = "linux"))]
#[path = "layers_portable.rs"]
mod layers;
mod processes;
mod program;
mod tally;
#[cfg(target_os = "linux")]
mod watch;

use crate::frame;
use crate::protocol::{ALL_PROGRAMS, Ended, Reply, Request, Setup, Start};
use crate::sys::{self, Wait};
use program::Running;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};

/// The `argv[0]` by which a process knows that it is a supervisor.
pub(crate) const NAME: &str = "tidegate-sandbox-init";
/// The control socket's descriptor number in a supervisor.
pub(crate) const CONTROL_FD: i32 = 3;
/// The events socket's descriptor number in a supervisor.
pub(crate) const EVENTS_FD: i32 = 4;

/// Becomes a sandbox's supervisor if this process was started as one, and then never returns. Call it first in `main`,
/// before threads are started or arguments parsed. (Where the C library allows, it has already happened before `main`,
/// so that test binaries need no call.)
pub fn init_main() {
    if std::env::args_os().next().is_some_and(|name| name == NAME) {
        let code = match supervise() {
            Ok(()) => 0,
            Err(_) => 1,
        };
        std::process::exit(code);
    }
}

/// Runs [`init_main`] before `main`: a binary that links this crate can always be its own supervisor, test binaries
/// included, and the supervisor is up before anything else of the binary has run.
#[cfg(target_os = "linux")]
#[used]
// SAFETY: the section holds function pointers that the C library calls once before `main`, in this one thread, after
// the standard library's own entry (priority 00099) has stored the arguments.
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = {
    extern "C" fn before_main() {
        init_main();
    }
    before_main
};

/// A step that failed, with the system's reason.
pub(crate) type Failure = (String, io::Error);

/// Names the step that failed.
pub(crate) trait Step<T> {
    fn step(self, what: &str) -> Result<T, Failure>;
}

impl<T> Step<T> for io::Result<T> {
    fn step(self, what: &str) -> Result<T, Failure> {
        self.map_err(|why| (what.to_owned(), why))
    }
}

/// Where the child signal's handler writes a byte, so that `poll` wakes up.
static WAKE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn child_ended(_signal: i32) {
    // SAFETY: `write` may be called in a signal handler; the buffer is static. A full pipe is fine: it wakes up too.
    unsafe { libc::write(WAKE.load(Ordering::Relaxed), [0u8].as_ptr().cast(), 1) };
}

fn supervise() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    // The server marks its descriptors, but a library in it may have forgotten to. Old kernels lack the call.
    let _ = crate::linux::syscalls::close_from(EVENTS_FD as u32 + 1, false);
    // SAFETY: the server put the sockets at these numbers, and nothing else in this fresh process owns them.
    let (control, events) = unsafe { (UnixStream::from_raw_fd(CONTROL_FD), UnixStream::from_raw_fd(EVENTS_FD)) };
    // SAFETY: no memory is involved. A session of its own: what is typed at the server's terminal is for the server.
    unsafe { libc::setsid() };
    let children = catch_children()?;
    let mut supervisor = Supervisor { control, events, running: Running::default() };
    loop {
        let others = supervisor.running.waits();
        let own = [supervisor.control.as_fd(), children.as_fd()].map(Wait::Data);
        let waits: Vec<Wait<'_>> = own.into_iter().chain(others).collect();
        let ready = sys::poll(&waits, supervisor.running.interval())?;
        if ready[1] {
            drain(&children)?;
            supervisor.collect()?;
        }
        supervisor.running.serve(&ready[2..]);
        if ready[0] && !supervisor.answer()? {
            supervisor.running.thaw();
            supervisor.running.kill_all();
            return Ok(());
        }
    }
}

/// Lets ended children wake up the loop.
fn catch_children() -> io::Result<OwnedFd> {
    let (reader, writer) = UnixStream::pair()?;
    reader.set_nonblocking(true)?;
    writer.set_nonblocking(true)?;
    WAKE.store(std::os::fd::IntoRawFd::into_raw_fd(writer), Ordering::Relaxed);
    // SAFETY: zeroed sigaction is valid; the handler is async-signal-safe; the mask is emptied, because the server
    // started this process with every signal blocked.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = child_ended as *const () as usize;
        action.sa_flags = libc::SA_RESTART | libc::SA_NOCLDSTOP;
        sys::check(libc::sigaction(libc::SIGCHLD, &raw const action, std::ptr::null_mut()))?;
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        sys::check(libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()))?;
    }
    Ok(reader.into())
}

fn drain(pipe: &OwnedFd) -> io::Result<()> {
    let mut socket = UnixStream::from(pipe.try_clone()?);
    let mut bytes = [0; 64];
    while matches!(io::Read::read(&mut socket, &mut bytes), Ok(count) if count > 0) {}
    Ok(())
}

/// The supervisor's state.
struct Supervisor {
    control: UnixStream,
    events: UnixStream,
    running: Running,
}

impl Supervisor {
    /// Takes one request and answers it; `false` when the server is gone.
    fn answer(&mut self) -> io::Result<bool> {
        let Some((body, fds)) = frame::receive(&self.control)? else { return Ok(false) };
        let (reply, given) = match Request::decode(&body) {
            Some(request) => self.perform(request, fds)?,
            None => (Reply::failed("understand the request", &io::ErrorKind::InvalidData.into()), Vec::new()),
        };
        let given: Vec<BorrowedFd<'_>> = given.iter().map(AsFd::as_fd).collect();
        frame::send(&self.control, &reply.encode(), &given)?;
        Ok(true)
    }

    fn perform(&mut self, request: Request, fds: Vec<OwnedFd>) -> io::Result<(Reply, Vec<OwnedFd>)> {
        let reply = match request {
            Request::Setup(setup) => return Ok(self.set_up(setup, fds)),
            Request::Start(start) => self.start(&start, fds),
            Request::Mount { target, source } => self.mount(&target, &source, fds),
            Request::Signal { program, signal } => self.signal(program, signal),
            Request::KillAll => {
                for ended in self.running.kill_all() {
                    frame::send(&self.events, &ended.encode(), &[])?;
                }
                Reply::Done
            }
            Request::Memory { bytes } => match self.running.set_memory(bytes) {
                Ok(()) => Reply::Done,
                Err(why) => Reply::failed("set the memory limit", &why),
            },
        };
        Ok((reply, Vec::new()))
    }

    fn set_up(&mut self, setup: Setup, fds: Vec<OwnedFd>) -> (Reply, Vec<OwnedFd>) {
        match self.running.set_up(setup, fds) {
            Ok(listeners) => (Reply::Done, listeners),
            Err((what, why)) => (Reply::failed(what, &why), Vec::new()),
        }
    }

    fn start(&mut self, start: &Start, fds: Vec<OwnedFd>) -> Reply {
        match self.running.start(start, fds) {
            Ok((program, pid)) => Reply::Started { program, pid: pid.unsigned_abs() },
            Err((what, why)) => Reply::failed(what, &why),
        }
    }

    fn mount(&mut self, target: &Path, source: &Path, fds: Vec<OwnedFd>) -> Reply {
        match self.running.mount(target, source, fds) {
            Ok(()) => Reply::Done,
            Err((what, why)) => Reply::failed(what, &why),
        }
    }

    fn signal(&mut self, program: u32, signal: i32) -> Reply {
        let sent = if program == ALL_PROGRAMS {
            self.running.signal_all(signal)
        } else {
            self.running.signal(program, signal)
        };
        match sent {
            Ok(()) => Reply::Done,
            Err(why) => Reply::failed("send the signal", &why),
        }
    }

    /// Collects the children that ended and reports those that are programs.
    fn collect(&mut self) -> io::Result<()> {
        while let Ok(Some((pid, status))) = sys::reap(false) {
            if let Some((program, over_memory)) = self.running.ended(pid) {
                frame::send(&self.events, &Ended { program, status, over_memory }.encode(), &[])?;
            }
        }
        Ok(())
    }
}
