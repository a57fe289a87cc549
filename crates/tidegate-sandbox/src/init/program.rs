//! Programs inside of a sandbox: starting, signaling, ending.

use crate::protocol::{Ended, Setup, Start};
use crate::sys::{self, c_string};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::ptr;

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

/// The programs that run, and what they get when they start.
#[derive(Default)]
pub(super) struct Running {
    setup: Setup,
    programs: BTreeMap<u32, libc::pid_t>,
    last: u32,
}

impl Running {
    pub fn set_up(&mut self, setup: Setup, _fds: Vec<OwnedFd>) -> Result<Vec<OwnedFd>, Failure> {
        #[cfg(target_os = "linux")]
        // SAFETY: no memory is involved. Orphans of programs become this process's children and can be killed.
        sys::check(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) }).step("adopt orphans")?;
        self.setup = setup;
        Ok(Vec::new())
    }

    /// Starts a program; answers its number and process id.
    pub fn start(&mut self, start: &Start, fds: Vec<OwnedFd>) -> Result<(u32, libc::pid_t), Failure> {
        let exec = Exec::new(start).step("use the program's arguments")?;
        let (mut report, reporter) = io::pipe().step("make a pipe")?;
        let fds =
            fds.iter().map(|fd| sys::move_above(fd, 16)).collect::<io::Result<Vec<_>>>().step("keep descriptors")?;
        let reporter = sys::move_above(&reporter.into(), 16).step("keep descriptors")?;
        // SAFETY: this process has one thread, so the child may do whatever this process could.
        match sys::check(unsafe { libc::fork() }).step("start a process")? {
            0 => {
                let (what, why) = self.become_program(start, &exec, &fds);
                let _ = io::PipeWriter::from(reporter)
                    .write_all(format!("{}\0{what}", why.raw_os_error().unwrap_or(libc::EIO)).as_bytes());
                // SAFETY: ends the child at once, without running anything that belongs to the parent.
                unsafe { libc::_exit(127) }
            }
            pid => {
                drop(reporter);
                let mut text = String::new();
                report.read_to_string(&mut text).step("read from the new process")?;
                self.started(pid, &text)
            }
        }
    }

    fn started(&mut self, pid: libc::pid_t, text: &str) -> Result<(u32, libc::pid_t), Failure> {
        if let Some((errno, what)) = text.split_once('\0') {
            return Err((what.to_owned(), io::Error::from_raw_os_error(errno.parse().unwrap_or(libc::EIO))));
        }
        self.last += 1;
        self.programs.insert(self.last, pid);
        Ok((self.last, pid))
    }

    /// In the child: everything up to `execve`. Returns only the failure.
    fn become_program(&self, start: &Start, exec: &Exec, fds: &[OwnedFd]) -> Failure {
        let prepared = (|| {
            give_descriptors(fds).step("set up descriptors")?;
            // SAFETY: no memory is involved. Its own session: no terminal, and a group that can be killed.
            sys::check(unsafe { libc::setsid() }).step("start a session")?;
            self.limit().step("set resource limits")?;
            std::env::set_current_dir(&start.cwd).step("enter the working directory")
        })();
        match prepared {
            Err(failure) => failure,
            Ok(()) => ("run the program".to_owned(), exec.run()),
        }
    }

    fn limit(&self) -> io::Result<()> {
        let limits = &self.setup.limits;
        let exact = |resource, value| sys::set_limit(resource as u32, value, value);
        exact(libc::RLIMIT_NOFILE, limits.open_files)?;
        exact(libc::RLIMIT_CORE, limits.core_bytes)?;
        exact(libc::RLIMIT_MEMLOCK, limits.locked_bytes)?;
        sys::set_limit(libc::RLIMIT_STACK as u32, limits.stack_bytes, u64::MAX)
    }

    pub fn mount(&mut self, _target: &Path, _source: &Path, _fds: Vec<OwnedFd>) -> Result<(), Failure> {
        Ok(())
    }

    /// The program's number if the process is one, and whether the memory watch killed it.
    pub fn ended(&mut self, pid: libc::pid_t) -> Option<(u32, bool)> {
        let (&program, _) = self.programs.iter().find(|(_, running)| **running == pid)?;
        self.programs.remove(&program);
        Some((program, false))
    }

    pub fn signal(&self, program: u32, signal: i32) -> io::Result<()> {
        match self.programs.get(&program) {
            Some(pid) => sys::kill(*pid, signal),
            None => Err(io::Error::from_raw_os_error(libc::ESRCH)),
        }
    }

    pub fn signal_all(&self, signal: i32) -> io::Result<()> {
        self.programs.values().for_each(|pid| {
            // A group that has just ended is no failure.
            let _ = sys::kill(-pid, signal);
        });
        Ok(())
    }

    /// Kills everything and waits for it; the programs among it.
    pub fn kill_all(&mut self) -> Vec<Ended> {
        let mut dead = Vec::new();
        loop {
            let _ = self.signal_all(libc::SIGKILL);
            match sys::reap(true) {
                Ok(Some((pid, status))) => {
                    dead.extend(self.ended(pid).map(|(program, over_memory)| Ended { program, status, over_memory }))
                }
                _ => return dead,
            }
        }
    }

    pub fn watch(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    pub fn check_memory(&mut self) {}

    pub fn set_memory(&mut self, _bytes: u64) {}
}

/// Standard input from nowhere, then the given descriptors from 1 on, and nothing else.
fn give_descriptors(fds: &[OwnedFd]) -> io::Result<()> {
    let nothing = std::fs::File::open("/dev/null")?;
    sys::duplicate_to(nothing.as_raw_fd(), 0)?;
    (1..).zip(fds).try_for_each(|(number, fd)| sys::duplicate_to(fd.as_raw_fd(), number))
}

/// Arguments and environment in the form that `execve` takes.
struct Exec {
    argv: Vec<CString>,
    env: Vec<CString>,
}

impl Exec {
    fn new(start: &Start) -> io::Result<Exec> {
        let strings = |items: &[std::ffi::OsString]| items.iter().map(c_string).collect::<io::Result<Vec<_>>>();
        if start.argv.is_empty() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(Exec { argv: strings(&start.argv)?, env: strings(&start.env)? })
    }

    fn run(&self) -> io::Error {
        let pointers =
            |items: &[CString]| items.iter().map(|item| item.as_ptr()).chain([ptr::null()]).collect::<Vec<_>>();
        // SAFETY: both lists end with a null pointer and their strings outlive the call.
        unsafe { libc::execve(self.argv[0].as_ptr(), pointers(&self.argv).as_ptr(), pointers(&self.env).as_ptr()) };
        io::Error::last_os_error()
    }
}

/// Keeps the import used on every system.
#[allow(dead_code)]
fn owned(fd: RawFd) -> OwnedFd {
    // SAFETY: the callers own the number.
    unsafe { OwnedFd::from_raw_fd(fd) }
}
