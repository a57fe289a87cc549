//! A sandbox and the one process of it that speaks the protocol, for an event loop.

use crate::logs::Lines;
use crate::protocol::{Frame, Frames};
use crate::shared::Shared;
use crate::tools::Tools;
use crate::tree::{self, Size};
use crate::variables::Paths;
use crate::{Error, RuntimeId, limits, protocol, variables};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidegate_sandbox::{Event, Layer, ListenerSocket, Program, ProgramId, Sandbox, Status};
use tokio::io::unix::AsyncFd;
use tokio::net::TcpListener;
use tokio::net::unix::pipe;

/// Runs what waits for the kernel on a thread that may wait.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic, and nobody cancels it")
}

fn refused(why: tidegate_sandbox::Error) -> Error {
    Error::Sandbox(why.to_string())
}

/// A sandbox laid out for a runtime. Dropping it ends all that runs in it.
pub(crate) struct Cell {
    sandbox: Option<Arc<Sandbox>>,
    events: AsyncFd<OwnedFd>,
    /// Where its processes see the parts of the file tree.
    pub paths: Paths,
    /// Where its processes reach the AWS endpoint.
    pub endpoint_url: String,
    listeners: Vec<std::net::TcpListener>,
    size: Size,
    companions: Vec<tokio::task::JoinHandle<()>>,
    /// Layers of isolation that it lacks.
    pub missing: Vec<&'static str>,
}

impl Cell {
    /// An empty sandbox.
    pub async fn new(tools: &Arc<Tools>, size: Size, shared: &Shared) -> Result<Cell, Error> {
        let (tools, options, names) = (tools.clone(), shared.options.clone(), shared.names().await?);
        let spawn = move || Sandbox::spawn(&tree::spec(&tools, size, &options, names), &options.sandbox);
        let mut sandbox = blocking(spawn).await.map_err(refused)?;
        let mut endpoint_url = String::new();
        let mut listeners = Vec::new();
        for listener in sandbox.take_listeners() {
            if listener.listen.address == tree::ENDPOINT {
                endpoint_url = format!("http://{}", listener.reached_at);
            }
            if let ListenerSocket::Tcp(socket) = listener.socket {
                listeners.push(socket);
            }
        }
        let events = sandbox.events_fd().try_clone_to_owned().and_then(watch);
        let events = events.map_err(|why| Error::Io("watch the sandbox", why))?;
        let missing = sandbox.missing_layers().into_iter().map(Layer::name).collect();
        let paths = paths(&sandbox, shared.options.authority_pem.is_some());
        Ok(Cell {
            sandbox: Some(Arc::new(sandbox)),
            events,
            paths,
            endpoint_url,
            listeners,
            size,
            companions: Vec::new(),
            missing,
        })
    }

    fn sandbox(&self) -> Arc<Sandbox> {
        self.sandbox.clone().expect("it is only taken when this is dropped")
    }

    /// The listeners of the AWS endpoint, once.
    pub fn take_listeners(&mut self) -> Result<Vec<TcpListener>, Error> {
        let open =
            |socket: std::net::TcpListener| socket.set_nonblocking(true).and_then(|()| TcpListener::from_std(socket));
        self.listeners
            .drain(..)
            .map(open)
            .collect::<io::Result<_>>()
            .map_err(|why| Error::Io("listen for a function", why))
    }

    /// A task that ends with the sandbox.
    pub fn accompany(&mut self, task: tokio::task::JoinHandle<()>) {
        self.companions.push(task);
    }

    /// Shows the code and the layers.
    pub async fn furnish(&mut self, code: PathBuf, layers: Option<PathBuf>) -> Result<(), Error> {
        let (sandbox, trusts) = (self.sandbox(), self.paths.authority.is_some());
        let paths = blocking(move || {
            sandbox.mount(&code, Path::new(tree::TASK))?;
            if let Some(layers) = layers {
                sandbox.mount(&layers, Path::new(tree::OPT))?;
            }
            Ok(paths(&sandbox, trusts))
        });
        self.paths = paths.await.map_err(refused)?;
        Ok(())
    }

    /// Starts the interpreter with the bootstrap; it is ready when it says so.
    pub async fn start(
        &self,
        tools: &Tools,
        variables: &BTreeMap<String, String>,
        boot: Boot,
    ) -> Result<Process, Error> {
        let program = Program {
            argv: arguments(tools, &self.paths, variables, self.size, boot),
            env: variables.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            cwd: if boot == Boot::Prepare { "/".into() } else { self.paths.task.clone().into() },
            joined: true,
            channel: true,
        };
        let sandbox = self.sandbox();
        let started = blocking(move || sandbox.start(&program)).await.map_err(refused)?;
        Process::adopt(started).map_err(|why| Error::Io("talk to a function's process", why))
    }

    /// Waits for the end of a program: how, and whether memory was the reason. `None` if the sandbox is gone.
    async fn exited(&self, program: ProgramId) -> Option<(Status, bool)> {
        loop {
            let Ok(mut ready) = self.events.readable().await else { return None };
            match self.sandbox().try_event() {
                Ok(None) => ready.clear_ready(),
                Ok(Some(Event::Exited { program: ended, status, out_of_memory })) if ended == program => {
                    return Some((status, out_of_memory));
                }
                Ok(Some(Event::Exited { .. })) => {}
                Ok(Some(Event::Gone)) | Err(_) => return None,
            }
        }
    }

    /// Kills all processes; `/tmp` stays.
    pub async fn kill(&self) {
        let sandbox = self.sandbox();
        // The only failure says that nothing is left to kill.
        let _ = blocking(move || sandbox.kill_all()).await;
    }

    /// Stops all processes where they are.
    pub async fn freeze(&self) -> bool {
        let sandbox = self.sandbox();
        blocking(move || sandbox.freeze()).await.is_ok()
    }

    /// Lets them go on.
    pub async fn thaw(&self) -> bool {
        let sandbox = self.sandbox();
        if self.missing.contains(&Layer::Freezer.name()) {
            return blocking(move || sandbox.thaw()).await.is_ok();
        }
        // One write to a control file: another thread would take longer to wake up.
        sandbox.thaw().is_ok()
    }

    /// Most memory that was ever in use, in MiB.
    pub fn memory_peak_mb(&self) -> Option<u32> {
        let bytes = self.sandbox().memory_peak_bytes()?;
        Some(bytes.div_ceil(1 << 20).min(u64::from(u32::MAX)) as u32)
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        self.companions.iter().for_each(tokio::task::JoinHandle::abort);
        let Some(sandbox) = self.sandbox.take() else { return };
        // Taking a sandbox down waits for its processes.
        match tokio::runtime::Handle::try_current() {
            Ok(handle) => drop(handle.spawn_blocking(move || drop(sandbox))),
            Err(_) => drop(sandbox),
        }
    }
}

#[expect(deprecated, reason = "its safe successor is for owners that could lose their descriptor; this one cannot")]
fn watch(events: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(events)
}

fn paths(sandbox: &Sandbox, trusts: bool) -> Paths {
    let at = |path: &str| sandbox.visible_path(Path::new(path)).to_string_lossy().into_owned();
    // Single files are only shown where there is a file tree to show them in.
    let shown = trusts && !sandbox.missing_layers().contains(&Layer::Mount);
    Paths {
        task: at(tree::TASK),
        opt: at(tree::OPT),
        runtime: at(tree::RUNTIME),
        lang: at(tree::LANG),
        tmp: at(tree::TMP),
        authority: shown.then_some(tree::AUTHORITY),
    }
}

/// How a bootstrap starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Boot {
    /// For one function.
    Plain,
    /// For whichever function comes, with the SDK loaded.
    Prepare,
}

fn arguments(
    tools: &Tools,
    paths: &Paths,
    variables: &BTreeMap<String, String>,
    size: Size,
    boot: Boot,
) -> Vec<std::ffi::OsString> {
    let wrapper = variables.get("AWS_LAMBDA_EXEC_WRAPPER").filter(|path| !path.is_empty()).cloned();
    let program = Path::new(&paths.lang).join(&tools.interpreter.program).to_string_lossy().into_owned();
    let mut all: Vec<String> = wrapper.into_iter().chain([program]).collect();
    match tools.runtime {
        // As AWS starts Node: left to itself it would let garbage grow far beyond the function's memory.
        RuntimeId::Node(major) => {
            all.extend([
                "--expose-gc".into(),
                format!("--max-semi-space-size={}", (size.memory_mb * 5 / 100).max(1)),
                format!("--max-old-space-size={}", size.memory_mb * 90 / 100),
            ]);
            let asked = variables.get("NODE_OPTIONS").map_or("", String::as_str);
            all.extend(experiments_off(major, tools.interpreter.version, asked));
        }
        // No search for packages of the machine: AWS does not have them.
        RuntimeId::Python(_) => {
            all.extend(["-S".into(), "-s".into()]);
            // Where the code can be written to, it must not come to differ from what was deployed.
            all.extend((paths.task != tree::TASK).then(|| "-B".to_owned()));
        }
    }
    all.push(format!("{}/{}", paths.runtime, tools.dir.bootstrap));
    if boot == Boot::Prepare {
        all.push("prepare".into());
    }
    all.into_iter().map(Into::into).collect()
}

/// Flags that switch off what Node brings before Lambda's runtime has it, but for what `NODE_OPTIONS` asks for.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html>
fn experiments_off(runtime: u16, version: (u16, u16, u16), asked: &str) -> impl Iterator<Item = String> {
    // The first versions that have them switched on, and so know the flags, are 20.19 and 22.12.
    let brings = version >= (22, 12, 0) || (version.0 == 20 && version.1 >= 19);
    let required = (runtime < 24).then_some("experimental-require-module");
    let detected = (runtime < 24 && runtime != 20).then_some("experimental-detect-module");
    let asked = asked.to_owned();
    [required, detected]
        .into_iter()
        .flatten()
        .filter(move |name| brings && !asked.split(' ').any(|option| option == format!("--{name}")))
        .map(|name| format!("--no-{name}"))
}

/// The variables of a process that does not know its function yet.
pub(crate) fn prepare_variables(runtime: RuntimeId, paths: &Paths) -> BTreeMap<String, String> {
    variables::base(runtime, paths)
}

/// What a process did.
#[derive(Debug)]
pub(crate) enum Seen {
    /// It said something.
    Frame(Frame),
    /// It wrote lines for the log.
    Lines(Vec<String>),
    /// It ended.
    Exited(Exit),
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit {
    /// With a code or by a signal; `None` if nobody knows.
    pub status: Option<Status>,
    /// Whether the memory limit was the reason.
    pub out_of_memory: bool,
}

/// What a process writes, be it to its standard output or its standard error.
struct Output {
    pipe: Option<pipe::Receiver>,
    lines: Lines,
}

impl Output {
    fn adopt(fd: OwnedFd) -> io::Result<Output> {
        Ok(Output { pipe: Some(pipe::Receiver::from_owned_fd(fd)?), lines: Lines::default() })
    }

    async fn readable(&self) {
        match &self.pipe {
            Some(pipe) => drop(pipe.readable().await),
            None => std::future::pending().await,
        }
    }

    /// What the event loop knows to be there.
    fn read(&mut self, into: &mut Vec<String>) {
        let mut buffer = [0u8; limits::READ_BYTES];
        if let Some(pipe) = &self.pipe {
            let read = pipe.try_read(&mut buffer);
            self.take(read, &buffer, into);
        }
    }

    /// What is there now, whether the event loop has heard of it or not; the number of bytes.
    fn read_now(&mut self, into: &mut Vec<String>) -> usize {
        let mut buffer = [0u8; limits::READ_BYTES];
        let Some(pipe) = &self.pipe else { return 0 };
        let read = rustix::io::read(pipe, &mut buffer).map_err(io::Error::from);
        self.take(read, &buffer, into)
    }

    fn take(&mut self, read: io::Result<usize>, buffer: &[u8], into: &mut Vec<String>) -> usize {
        match read {
            Ok(0) => self.pipe = None,
            Ok(size) => {
                self.lines.feed(&buffer[..size], |line| into.push(line));
                return size;
            }
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => self.pipe = None,
        }
        0
    }
}

/// A process that speaks the protocol.
pub(crate) struct Process {
    id: ProgramId,
    from: pipe::Receiver,
    to: Arc<pipe::Sender>,
    frames: Frames,
    closed: bool,
    output: Output,
}

impl Process {
    fn adopt(started: tidegate_sandbox::Process) -> io::Result<Process> {
        let channel = started.channel.ok_or_else(|| io::Error::other("a process without a channel"))?;
        Ok(Process {
            id: started.id,
            from: pipe::Receiver::from_owned_fd(channel.from)?,
            to: Arc::new(pipe::Sender::from_owned_fd(channel.to)?),
            frames: Frames::default(),
            closed: false,
            output: Output::adopt(started.stdout)?,
        })
    }

    /// Sends a frame whose end lies in another buffer. What does not fit at once is sent while the process is watched: it
    /// may first want to get rid of its output. A process that does not read any more tells why by its end.
    pub fn send(&self, head: &[u8], tail: &Bytes) {
        let sent = protocol::try_write(&self.to, head, tail);
        if sent < head.len() + tail.len() {
            let (channel, head, tail) = (self.to.clone(), head.to_vec(), tail.clone());
            tokio::spawn(async move { protocol::write(&channel, &head, &tail, sent).await });
        }
    }

    /// The next thing that happens. May be dropped while waiting without losing anything.
    pub async fn next(&mut self, cell: &Cell) -> Seen {
        loop {
            let mut lines = Vec::new();
            tokio::select! {
                biased;
                frame = self.frames.next(&self.from), if !self.closed => match frame {
                    Ok(Some(frame)) => return Seen::Frame(frame),
                    // What it does not say any more, or what nobody understands, ends with its exit.
                    Ok(None) => self.closed = true,
                    Err(_) => {
                        self.closed = true;
                        cell.kill().await;
                    }
                },
                () = self.output.readable() => self.output.read(&mut lines),
                exit = cell.exited(self.id) => {
                    let (status, out_of_memory) = exit.map_or((None, false), |(status, oom)| (Some(status), oom));
                    return Seen::Exited(Exit { status, out_of_memory });
                }
            }
            if !lines.is_empty() {
                return Seen::Lines(lines);
            }
        }
    }

    /// The lines that the process wrote up to now, without waiting, and what it began of the next. A pipe's content may be
    /// older than the answer that came before the event loop has heard of it.
    pub fn drain(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut total = 0;
        while total < limits::DRAIN_BYTES_MAX {
            match self.output.read_now(&mut lines) {
                0 => break,
                size => total += size,
            }
        }
        lines.extend(self.output.lines.finish());
        lines
    }
}
