//! Programs inside of a sandbox: starting, signaling, ending.

use super::{Failure, Step, layers, processes, tally};
use crate::frame;
use crate::layer::Layer;
use crate::protocol::{Ended, Setup, Start};
use crate::sys::{self, Wait, c_string};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::ptr;
use std::time::Duration;

/// Descriptors of the supervisor are moved up to here, so that those of a program can be put at its beginning.
const OWN_FDS: i32 = 16;

/// The programs that run, and what they get when they start.
#[derive(Default)]
pub(super) struct Running {
    setup: Setup,
    groups: Vec<OwnedFd>,
    thaw: Option<OwnedFd>,
    watch: Option<layers::Watch>,
    gate: Option<layers::Gate>,
    programs: BTreeMap<u32, libc::pid_t>,
    /// Those that were killed for want of memory and are not collected yet.
    over_memory: BTreeSet<u32>,
    last: u32,
}

impl Running {
    /// Builds the sandbox; answers the listening sockets.
    pub fn set_up(&mut self, mut setup: Setup, fds: Vec<OwnedFd>) -> Result<Vec<OwnedFd>, Failure> {
        let mut fds = fds.into_iter();
        self.groups = fds.by_ref().take(setup.cgroups as usize).collect();
        self.thaw = if setup.thaw { fds.next() } else { None };
        let files: Vec<OwnedFd> = fds.by_ref().take(setup.watch.files()).collect();
        let (listeners, gate) = layers::set_up(&setup, fds.collect())?;
        self.gate = gate;
        self.watch = layers::watch(&setup, files);
        // Generated files are in the tree now; what is left is needed for the rules about writing.
        setup.mounts.retain(|item| !matches!(item.mount.kind, crate::spec::MountKind::File(_)));
        self.setup = setup;
        Ok(listeners)
    }

    /// Starts a program; answers its number and process id.
    pub fn start(&mut self, start: &Start, fds: Vec<OwnedFd>) -> Result<(u32, libc::pid_t), Failure> {
        let exec = Exec::new(start).step("use the program's arguments")?;
        let (report, reporter) = UnixStream::pair().step("make a socket")?;
        let high = |fd: OwnedFd| sys::move_above(&fd, OWN_FDS);
        let fds = fds.into_iter().map(high).collect::<io::Result<Vec<_>>>().step("keep descriptors")?;
        let reporter = UnixStream::from(high(reporter.into()).step("keep descriptors")?);
        // SAFETY: this process has one thread, so the child may do whatever this process could.
        match sys::check(unsafe { libc::fork() }).step("start a process")? {
            0 => {
                let (what, why) = self.become_program(start, &exec, &fds, &reporter);
                let text = format!("{}\0{what}", why.raw_os_error().unwrap_or(libc::EIO));
                let _ = frame::send(&reporter, text.as_bytes(), &[]);
                // SAFETY: ends the child at once, without running anything that belongs to the parent.
                unsafe { libc::_exit(127) }
            }
            pid => {
                drop(reporter);
                self.started(pid, &report)
            }
        }
    }

    /// Reads what the new process says until it runs its program, which closes the socket.
    fn started(&mut self, pid: libc::pid_t, report: &UnixStream) -> Result<(u32, libc::pid_t), Failure> {
        while let Some((text, fds)) = frame::receive(report).step("hear from the new process")? {
            let text = String::from_utf8_lossy(&text);
            if let Some((errno, what)) = text.split_once('\0') {
                return Err((what.to_owned(), io::Error::from_raw_os_error(errno.parse().unwrap_or(libc::EIO))));
            }
            if let Some(gate) = &mut self.gate {
                fds.into_iter().for_each(|door| gate.add(door));
            }
        }
        self.last += 1;
        self.programs.insert(self.last, pid);
        Ok((self.last, pid))
    }

    /// In the child: everything up to `execve`. Returns only the failure.
    fn become_program(&self, start: &Start, exec: &Exec, fds: &[OwnedFd], report: &UnixStream) -> Failure {
        let prepared = (|| {
            layers::join(&self.groups).step("join the control groups")?;
            give_descriptors(fds).step("set up descriptors")?;
            // SAFETY: no memory is involved. Its own session: no terminal, and a group that can be killed.
            sys::check(unsafe { libc::setsid() }).step("start a session")?;
            sys::default_signals();
            self.limit().step("set resource limits")?;
            layers::enter(&self.setup, self.gate.as_ref())?;
            std::env::set_current_dir(&start.cwd).step("enter the working directory")?;
            match layers::lock(&self.setup, fds.len() as u32 + 1)? {
                Some(door) => frame::send(report, &[], &[door.as_fd()]).step("hand over the calls"),
                None => Ok(()),
            }
        })();
        match prepared {
            Err(failure) => failure,
            Ok(()) => ("run the program".to_owned(), exec.run()),
        }
    }

    fn limit(&self) -> io::Result<()> {
        let limits = &self.setup.limits;
        let exact = |resource, value| sys::set_limit(resource, value, value);
        exact(libc::RLIMIT_NOFILE, limits.open_files)?;
        exact(libc::RLIMIT_CORE, limits.core_bytes)?;
        exact(libc::RLIMIT_MEMLOCK, limits.locked_bytes)?;
        if self.setup.layers.has(Layer::User) {
            // Elsewhere it would count what the same user runs outside.
            exact(libc::RLIMIT_NPROC, limits.processes)?;
        }
        sys::set_limit(libc::RLIMIT_STACK, limits.stack_bytes, u64::MAX)
    }

    /// Adds a read-only folder.
    pub fn mount(&mut self, target: &Path, source: &Path, fds: Vec<OwnedFd>) -> Result<(), Failure> {
        layers::mount(target, source, fds.into_iter().next()).step("mount")
    }

    /// The program's number if the process is one, and whether it was killed for want of memory.
    pub fn ended(&mut self, pid: libc::pid_t) -> Option<(u32, bool)> {
        self.gate.iter_mut().for_each(|gate| gate.ended(pid));
        let (&program, _) = self.programs.iter().find(|(_, running)| **running == pid)?;
        self.programs.remove(&program);
        Some((program, self.over_memory.remove(&program)))
    }

    /// Sends a signal to one program.
    pub fn signal(&self, program: u32, signal: i32) -> io::Result<()> {
        match self.programs.get(&program) {
            Some(pid) => sys::kill(*pid, signal),
            None => Err(io::Error::from_raw_os_error(libc::ESRCH)),
        }
    }

    /// Sends a signal to everything.
    pub fn signal_all(&self, signal: i32) -> io::Result<()> {
        if self.setup.layers.has(Layer::Pid) {
            // Everything in the namespace but this process. `ESRCH` means that there is nothing.
            let _ = sys::kill(-1, signal);
        } else {
            processes::signal_descendants(self.programs.values().copied(), signal);
        }
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

    /// What to wait for: the memory watch's alarm, then what the gate waits for.
    pub fn waits(&self) -> Vec<Wait<'_>> {
        let alarm = self.watch.iter().filter_map(|watch| watch.alarm());
        alarm.chain(self.gate.iter().flat_map(|gate| gate.fds()).map(Wait::Data)).collect()
    }

    /// Does what there is to do, in the order of [`Running::waits`].
    pub fn serve(&mut self, ready: &[bool]) {
        let alarms = usize::from(self.watch.as_ref().is_some_and(|watch| watch.alarm().is_some()));
        let (alarm, gate) = ready.split_at(alarms.min(ready.len()));
        if let Some(open) = &mut self.gate {
            open.serve(gate);
        }
        if alarm.contains(&true) || self.interval().is_some() {
            self.look();
        }
    }

    /// How long the supervisor may sleep.
    pub fn interval(&self) -> Option<Duration> {
        match &self.watch {
            Some(watch) => watch.interval(),
            None => self.tallies().then_some(tally::INTERVAL),
        }
    }

    /// Whether nobody else looks after the memory limit.
    fn tallies(&self) -> bool {
        !self.setup.layers.has(Layer::Memory) && self.setup.limits.memory_bytes > 0 && !self.programs.is_empty()
    }

    /// Does what the memory watch has to do.
    fn look(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.look();
        } else if self.tallies() && tally::memory_in_use() > self.setup.limits.memory_bytes {
            self.over_memory = self.programs.keys().copied().collect();
            let _ = self.signal_all(libc::SIGKILL);
        }
    }

    /// Changes the limit of memory.
    pub fn set_memory(&mut self, bytes: u64) -> io::Result<()> {
        self.setup.limits.memory_bytes = bytes;
        self.watch.as_mut().map_or(Ok(()), |watch| watch.set_memory(bytes))
    }

    /// Lets go of a group that was frozen when the server went away.
    pub fn thaw(&self) {
        if let Some(file) = self.thaw.as_ref().and_then(|file| file.try_clone().ok()) {
            // If it does not work, nothing else would.
            let _ = std::fs::File::from(file).write_all(b"THAWED");
        }
    }
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
