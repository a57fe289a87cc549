//! Starting a supervisor in new namespaces.
//!
//! The server has many threads and much memory, so it must not `fork`. Like `posix_spawn`, the child shares the
//! server's memory until it calls `execve`, and the calling thread sleeps until then; unlike it, the child begins in
//! new namespaces, which it owns from its first moment.

use crate::error::Error;
use crate::init;
use crate::layer::{Layer, Layers};
use crate::sys;
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::sync::OnceLock;

/// A child process, which its descriptor names without doubt for as long as it is not waited for.
#[derive(Debug)]
pub(crate) struct Supervisor {
    pidfd: OwnedFd,
    pub pid: libc::pid_t,
}

impl Supervisor {
    /// Kills it, and with it its process namespace if it has one.
    pub fn kill(&self) {
        // SAFETY: no memory is involved. Failing means that it is dead already.
        unsafe {
            libc::syscall(libc::SYS_pidfd_send_signal, self.pidfd.as_raw_fd(), libc::SIGKILL, ptr::null::<u8>(), 0)
        };
    }

    /// Waits for its end, after which no process of its process namespace is left.
    pub fn wait(&self) {
        // SAFETY: zeroed siginfo is valid and outlives the call. Errors mean that it has been waited for already.
        unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            while libc::waitid(libc::P_PIDFD, self.pidfd.as_raw_fd() as _, &raw mut info, libc::WEXITED) == -1
                && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
            {}
        }
    }
}

/// The namespace flag of a layer.
fn flag(layer: Layer) -> libc::c_int {
    match layer {
        Layer::User => libc::CLONE_NEWUSER,
        Layer::Mount => libc::CLONE_NEWNS,
        Layer::Pid => libc::CLONE_NEWPID,
        Layer::Ipc => libc::CLONE_NEWIPC,
        Layer::Uts => libc::CLONE_NEWUTS,
        Layer::Network => libc::CLONE_NEWNET,
        _ => 0,
    }
}

/// This program's own file, open for reading only and the same even if the file is replaced on disk.
fn own_program() -> io::Result<BorrowedFd<'static>> {
    static PROGRAM: OnceLock<File> = OnceLock::new();
    if PROGRAM.get().is_none() {
        let file = File::open("/proc/self/exe")?;
        let _ = PROGRAM.set(file);
    }
    PROGRAM.get().map(AsFd::as_fd).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Everything the child needs, made before it exists, because it must not allocate.
struct Child {
    program: RawFd,
    control: RawFd,
    events: RawFd,
    nothing: RawFd,
    argv: [*const libc::c_char; 2],
    env: [*const libc::c_char; 1],
}

/// Room for the child's stack; it calls only a handful of system calls.
const STACK_BYTES: usize = 64 << 10;

/// Starts a supervisor in new namespaces for `layers`, with its two sockets.
pub(crate) fn launch(layers: Layers, control: &OwnedFd, events: &OwnedFd) -> Result<Supervisor, Error> {
    let failed = |why| Error::System("start a supervisor", why);
    // Out of the way of the numbers that the child will give them.
    let high = |fd: &OwnedFd| sys::move_above(fd, 16).map_err(failed);
    let (control, events) = (high(control)?, high(events)?);
    let nothing = high(&File::options().read(true).write(true).open("/dev/null").map_err(failed)?.into())?;
    let program = own_program().map_err(failed)?;
    // The name has no NUL: it is a constant of this crate.
    let name = CString::new(init::NAME).map_err(|why| failed(why.into()))?;
    let child = Child {
        program: program.as_raw_fd(),
        control: control.as_raw_fd(),
        events: events.as_raw_fd(),
        nothing: nothing.as_raw_fd(),
        argv: [name.as_ptr(), ptr::null()],
        env: [ptr::null()],
    };
    let namespaces = Layer::ALL.into_iter().filter(|layer| layers.has(*layer)).map(flag).fold(0, |all, one| all | one);
    clone(namespaces, &child).map_err(failed)
}

fn clone(namespaces: libc::c_int, child: &Child) -> io::Result<Supervisor> {
    let mut stack = vec![0u128; STACK_BYTES / size_of::<u128>()];
    let mut pidfd: RawFd = -1;
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD | namespaces;
    // SAFETY: with CLONE_VFORK this thread sleeps until the child has called execve or ended, so `stack`, `child` and
    // `pidfd` outlive its use of them, and nobody else touches them. `become_init` makes only system calls. All signals
    // are blocked meanwhile, so that none of the server's handlers runs in the child. The stack grows downwards from
    // the end of the vector, whose u128 elements align it as the ABI wants. The answered descriptor is ours alone.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let top = stack.as_mut_ptr().add(stack.len()).cast();
        let argument = ptr::from_ref(child).cast_mut().cast();
        let pid = libc::clone(become_init, top, flags, argument, &raw mut pidfd);
        let why = io::Error::last_os_error();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        if pid < 0 { Err(why) } else { Ok(Supervisor { pidfd: OwnedFd::from_raw_fd(pidfd), pid }) }
    }
}

/// In the child, with the server's memory: no allocation, no locks, no panics; system calls only.
extern "C" fn become_init(argument: *mut libc::c_void) -> libc::c_int {
    // SAFETY: `clone` passed a valid Child that lives until execve. dup2 works on the child's own descriptor table,
    // because CLONE_FILES is not used.
    unsafe {
        let child = &*argument.cast::<Child>();
        super::capabilities::keep_over_exec();
        let placed = [(child.nothing, 0), (child.nothing, 1), (child.nothing, 2)]
            .into_iter()
            .chain([(child.control, init::CONTROL_FD), (child.events, init::EVENTS_FD)])
            .all(|(from, to)| libc::dup2(from, to) == to);
        if placed {
            let empty: &CStr = c"";
            libc::syscall(
                libc::SYS_execveat,
                child.program,
                empty.as_ptr(),
                child.argv.as_ptr(),
                child.env.as_ptr(),
                libc::AT_EMPTY_PATH,
            );
        }
        libc::_exit(127)
    }
}

/// Tells the kernel who a supervisor's inner user ids are outside.
pub(crate) fn map_users(pid: libc::pid_t, identity: &super::identity::Identity) -> io::Result<()> {
    let write = |file: &str, text: &str| std::fs::write(format!("/proc/{pid}/{file}"), text);
    if identity.single {
        // Without this the kernel does not let an ordinary user map groups.
        write("setgroups", "deny")?;
    }
    write("uid_map", &identity.uid_map())?;
    write("gid_map", &identity.gid_map())
}
