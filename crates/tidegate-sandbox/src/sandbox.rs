//! The server's side of one sandbox.

use crate::error::Error;
use crate::event::{Channel, Event, Process, ProgramId, Status};
use crate::frame;
use crate::layer::{Layer, Layers};
use crate::limits;
#[cfg(target_os = "linux")]
use crate::linux as platform;
use crate::listener::Listener;
#[cfg(not(target_os = "linux"))]
use crate::portable as platform;
use crate::protocol::{self, ALL_PROGRAMS, Ended, Reply, Request, Setup, SetupMount, Start, WatchKind};
use crate::scratch::Scratch;
use crate::spec::{Network, Options, Outward, Program, Spec};
use crate::sys;
use platform::{Group, Supervisor, launch};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An isolated group of processes with its own file tree, network and limits. Dropping it kills every process in it and
/// removes everything it had.
///
/// Its methods make system calls that take microseconds to a few milliseconds and may be called from any thread.
#[derive(Debug)]
pub struct Sandbox {
    control: Mutex<UnixStream>,
    events: UnixStream,
    supervisor: Supervisor,
    group: Option<Group>,
    layers: Layers,
    listeners: Vec<Listener>,
    /// Where there is no mount namespace: what stands for each target.
    places: Mutex<Vec<(PathBuf, PathBuf)>>,
    scratch: Option<Scratch>,
    /// Processes that the kernel had killed for want of memory when it was last asked.
    kills_seen: AtomicU64,
    /// The supervisor looks after the memory limit.
    watched: bool,
    frozen: AtomicBool,
}

impl Sandbox {
    /// Makes a sandbox in which nothing runs yet. Takes a few milliseconds.
    ///
    /// # Errors
    /// [`Error::Refused`] if the options demand a layer that is missing, [`Error::Inside`] if a step failed.
    pub fn spawn(spec: &Spec, options: &Options) -> Result<Sandbox, Error> {
        let granted = crate::probe::granted();
        let missing = granted.missing();
        if options.required && !missing.is_empty() {
            return Err(Error::Refused(missing));
        }
        let layers = options.without.iter().fold(granted, |layers, layer| layers.without(*layer));
        Sandbox::with_layers(spec, platform::consistent(layers))
    }

    /// Makes a sandbox with exactly these layers.
    pub(crate) fn with_layers(spec: &Spec, layers: Layers) -> Result<Sandbox, Error> {
        let layers = match &spec.network {
            Network::Host => layers.without(Layer::Network),
            _ => layers,
        };
        let (control, theirs) = UnixStream::pair().map_err(|why| Error::System("make a socket", why))?;
        let (events, their_events) = UnixStream::pair().map_err(|why| Error::System("make a socket", why))?;
        // A supervisor that opens the way out must itself be where the way leads.
        let begins = if outward(spec, layers).is_some() { layers.without(Layer::Network) } else { layers };
        let supervisor = launch(begins, &theirs.into(), &their_events.into())?;
        let mut sandbox = Sandbox {
            control: Mutex::new(control),
            events,
            supervisor,
            group: None,
            layers,
            listeners: Vec::new(),
            places: Mutex::default(),
            scratch: None,
            kills_seen: AtomicU64::new(0),
            watched: false,
            frozen: AtomicBool::new(false),
        };
        // From here on, a failure drops the sandbox and so takes everything down.
        sandbox.group = Group::make(layers, &spec.limits)?;
        sandbox.set_up(spec)?;
        Ok(sandbox)
    }

    fn set_up(&mut self, spec: &Spec) -> Result<(), Error> {
        let user = platform::identify(&self.supervisor, &spec.user, self.layers)?;
        if !self.layers.has(Layer::Mount) {
            let (scratch, places) = Scratch::lay_out(&spec.root)?;
            (self.scratch, self.places) = (Some(scratch), Mutex::new(places));
        }
        let failed = |why| Error::System("open the control groups", why);
        let doors = self.group.as_ref().map_or(Ok(Vec::new()), Group::doors).map_err(failed)?;
        let thaw = self.group.as_ref().map_or(Ok(None), Group::thaw_file).map_err(failed)?;
        let watched = self.group.as_ref().filter(|_| self.layers.has(Layer::Mount));
        let (watch, watch_fds) = watched.map_or(Ok(<_>::default()), Group::watch).map_err(failed)?;
        self.watched = watch != WatchKind::None;
        let sources = platform::sources(&spec.root, self.layers)?;
        let listen = spec.network.listen().unwrap_or_default();
        let mounts = spec.root.iter().zip(&sources);
        let setup = Setup {
            layers: self.layers,
            hostname: spec.hostname.clone(),
            user,
            limits: spec.limits.clone(),
            mounts: mounts.map(|(mount, fd)| SetupMount { mount: mount.clone(), attached: fd.is_some() }).collect(),
            listen: listen.to_vec(),
            outward: outward(spec, self.layers),
            cgroups: u32::try_from(doors.len()).unwrap_or(u32::MAX),
            thaw: thaw.is_some(),
            watch,
        };
        let fds: Vec<BorrowedFd<'_>> =
            doors.iter().chain(&thaw).chain(&watch_fds).chain(sources.iter().flatten()).map(AsFd::as_fd).collect();
        let (_, sockets) = self.ask(&Request::Setup(setup), &fds)?;
        self.listeners = if self.layers.has(Layer::Network) {
            listen.iter().zip(sockets).map(|(listen, socket)| Listener::inside(*listen, socket)).collect()
        } else {
            listen
                .iter()
                .map(Listener::on_host)
                .collect::<io::Result<_>>()
                .map_err(|why| Error::System("listen", why))?
        };
        Ok(())
    }

    /// Runs a program. Any number may run at the same time; they share the sandbox's file tree, network and limits.
    ///
    /// # Errors
    /// [`Error::Inside`] with the reason if the program cannot be run; [`Error::Invalid`] if the sandbox is frozen.
    pub fn start(&self, program: &Program) -> Result<Process, Error> {
        if self.frozen.load(Ordering::Relaxed) {
            // It would freeze before it runs, and the supervisor with it, waiting.
            return Err(Error::Invalid("frozen sandboxes start no programs"));
        }
        let pipe = || io::pipe().map_err(|why| Error::System("make a pipe", why));
        let (stdout, to_stdout) = pipe()?;
        let stderr = (!program.joined).then(pipe).transpose()?;
        let channel = program.channel.then(|| Ok((pipe()?, pipe()?))).transpose()?;
        let start =
            Start { argv: program.argv.clone(), env: protocol::environment(&program.env), cwd: program.cwd.clone() };
        let to_stderr = stderr.as_ref().map_or(&to_stdout, |(_, writer)| writer);
        let mut fds = vec![to_stdout.as_fd(), to_stderr.as_fd()];
        if let Some(((reader, _), (_, writer))) = &channel {
            fds.extend([reader.as_fd(), writer.as_fd()]);
        }
        let answer = self.ask(&Request::Start(start), &fds)?.0;
        self.group.iter().for_each(Group::started);
        match answer {
            Reply::Started { program, .. } => Ok(Process {
                id: ProgramId(program),
                stdout: stdout.into(),
                stderr: stderr.map(|(reader, _)| reader.into()),
                channel: channel.map(|((_, to), (from, _))| Channel { from: from.into(), to: to.into() }),
            }),
            _ => Err(Error::Silent),
        }
    }

    /// Shows a folder of the host at `target`, read-only, also to programs that run already. `target` must be named in
    /// the [`Spec`], usually as [`crate::MountKind::Directory`].
    ///
    /// # Errors
    /// [`Error::Inside`] if the kernel refuses.
    pub fn mount(&self, source: &Path, target: &Path) -> Result<(), Error> {
        if !self.layers.has(Layer::Mount) {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.retain(|(at, _)| at != target);
            places.push((target.to_owned(), source.to_owned()));
            return Ok(());
        }
        let attached = platform::source(source, self.layers)?;
        let fds: Vec<BorrowedFd<'_>> = attached.iter().map(AsFd::as_fd).collect();
        self.ask(&Request::Mount { target: target.to_owned(), source: source.to_owned() }, &fds).map(drop)
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
        let kills = self.group.as_ref().map_or(0, Group::memory_kills);
        let killed = kills > self.kills_seen.swap(kills, Ordering::Relaxed);
        Event::Exited {
            program: ProgramId(ended.program),
            status: Status::from_wait(ended.status),
            out_of_memory: ended.over_memory || killed,
        }
    }

    /// Sends a signal to one program (not to its children).
    ///
    /// # Errors
    /// [`Error::Inside`] with `ESRCH` if it has ended.
    pub fn signal(&self, program: ProgramId, signal: i32) -> Result<(), Error> {
        self.ask(&Request::Signal { program: program.0, signal }, &[]).map(drop)
    }

    /// Kills every process of the sandbox, frozen or not, and returns when none is left. The sandbox stays: its files are kept, and
    /// programs can be started in it again. Each program's [`Event::Exited`] is delivered as usual.
    ///
    /// # Errors
    /// [`Error::Gone`] if the sandbox is gone, which means that no process is left either.
    pub fn kill_all(&self) -> Result<(), Error> {
        // The old freezer does not let go even of what is killed.
        let _ = self.group.as_ref().map(|group| group.freeze(false));
        self.frozen.store(false, Ordering::Relaxed);
        self.ask(&Request::KillAll, &[]).map(drop)
    }

    /// Stops all processes where they are. They use no processor time until [`Sandbox::thaw`].
    ///
    /// # Errors
    /// [`Error::Gone`], or [`Error::System`] if the kernel refuses.
    pub fn freeze(&self) -> Result<(), Error> {
        self.stop(true)
    }

    /// Lets frozen processes go on.
    ///
    /// # Errors
    /// As [`Sandbox::freeze`].
    pub fn thaw(&self) -> Result<(), Error> {
        self.stop(false)
    }

    fn stop(&self, stop: bool) -> Result<(), Error> {
        self.frozen.store(stop, Ordering::Relaxed);
        let frozen = self.group.as_ref().map_or(Ok(false), |group| group.freeze(stop));
        if frozen.map_err(|why| Error::System("use the freezer", why))? {
            return Ok(());
        }
        let signal = if stop { libc::SIGSTOP } else { libc::SIGCONT };
        self.ask(&Request::Signal { program: ALL_PROGRAMS, signal }, &[]).map(drop)
    }

    /// Changes the limits of memory and processor time, for a sandbox that was prepared before its use was known.
    ///
    /// # Errors
    /// [`Error::System`] if the kernel refuses, for example because more memory is in use.
    pub fn set_limits(&self, memory_bytes: u64, cpu_milli: u32) -> Result<(), Error> {
        if let Some(group) = &self.group {
            let memory = if self.watched { Ok(()) } else { group.set_memory(memory_bytes) };
            memory.and_then(|()| group.set_cpu(cpu_milli)).map_err(|why| Error::System("set limits", why))?;
        }
        self.ask(&Request::Memory { bytes: memory_bytes }, &[]).map(drop)
    }

    /// The most memory that was in use at a time since the sandbox was made, in bytes; `None` where nobody counts.
    pub fn memory_peak_bytes(&self) -> Option<u64> {
        self.group.as_ref()?.memory_peak()
    }

    /// Processor time used by all processes so far; `None` where nobody counts.
    pub fn cpu_time(&self) -> Option<Duration> {
        self.group.as_ref()?.cpu_time()
    }

    /// The layers that this sandbox does not have.
    pub fn missing_layers(&self) -> Vec<Layer> {
        self.layers.missing()
    }

    /// Kills everything and removes every trace; what [`Drop`] does too.
    pub fn destroy(self) {
        drop(self);
    }

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
}

/// The way out of the sandbox's network that is asked for and possible.
fn outward(spec: &Spec, layers: Layers) -> Option<Outward> {
    let possible = [Layer::Network, Layer::Seccomp, Layer::Pid, Layer::Mount].iter().all(|layer| layers.has(*layer));
    match &spec.network {
        Network::Outward(_, outward) if possible => Some(outward.clone()),
        _ => None,
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.group.as_ref().map(|group| group.freeze(false));
        if !self.layers.has(Layer::Pid) {
            // Without a process namespace, the supervisor must kill the programs; it does when its socket closes, and
            // then ends, which closes its end of the other.
            let _ = self.control().shutdown(std::net::Shutdown::Both);
            while sys::readable(&self.events, limits::DEATH_WAIT_MAX).is_ok_and(|there| there)
                && matches!(frame::receive(&self.events), Ok(Some(_)))
            {}
            self.group.iter().for_each(Group::kill);
        }
        self.supervisor.kill();
        self.supervisor.wait();
        self.group.iter().for_each(|group| group.remove(limits::DEATH_WAIT_MAX));
    }
}
