//! The init phase: sandbox, process, handler.

use super::outcome::platform_name;
use super::{Environment, Watched, credentials, ms};
use crate::layers;
use crate::prepared::Prepared;
use crate::process::{Boot, Cell, Exit, Process, Seen};
use crate::protocol::{self, Frame};
use crate::report::{InitReport, Line};
use crate::shared::{Presence, Shared};
use crate::tools::Tools;
use crate::tree::Size;
use crate::{EnvironmentIdentity, Error, FunctionSpec, LogFormat, RuntimeId, Status, limits, variables};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// How an attempt to load the handler ended, if not well.
pub(super) enum Failure {
    /// The runtime told an error object.
    Error(Bytes),
    /// The process ended.
    Exited(Exit),
    /// The time was up.
    TimedOut,
}

/// Makes an environment and goes through its init phase. An init that fails is the environment's own business: the first
/// invocation does it again and tells.
///
/// # Errors
/// When there is no interpreter, no sandbox or no credentials.
pub(crate) async fn start(
    shared: Arc<Shared>,
    function: Arc<FunctionSpec>,
    presence: Presence,
) -> Result<Environment, Error> {
    let tools = shared.tools(function.runtime).await?;
    let (credentials, opt) = tokio::try_join!(credentials(&function), layers::folder(&shared.options, &function))?;
    let started = Instant::now();
    let prepared = shared.prepared.take(&shared, &function).await;
    let (mut cell, process) = match prepared {
        Some(Prepared { cell, process, .. }) => (cell, Some(process)),
        None => (Cell::new(&tools, Size::of(&function), &shared).await?, None),
    };
    let code = shared.stage.show(&function.code_dir, &shared.options).await?;
    let opt = match opt {
        Some(opt) => Some(shared.stage.show(&opt, &shared.options).await?),
        None => None,
    };
    cell.furnish(code, opt).await?;
    let stream = stream_name(&shared, &function);
    serve_endpoint(&mut cell, &shared, &function, &stream)?;
    let mut environment = Environment {
        warnings: warnings(&tools, &cell),
        shared,
        function,
        tools,
        cell,
        process,
        frozen: false,
        stream,
        logs: crate::logs::LogBuffer::default(),
        flush_at: None,
        credentials,
        init_ms: None,
        init_failed: false,
        broken: false,
        memory_mb: 0,
        memory_read_at: None,
        _presence: presence,
    };
    environment.first_init(started).await?;
    Ok(environment)
}

fn warnings(tools: &Tools, cell: &Cell) -> Vec<String> {
    let mut all = tools.warnings.clone();
    if !cell.missing.is_empty() {
        all.push(format!("the sandbox is reduced: this system does not grant {}", cell.missing.join(" ")));
    }
    all
}

/// `YYYY/MM/DD/[VERSION]32hex`, with the function's name in a log group that is not its own.
fn stream_name(shared: &Shared, function: &FunctionSpec) -> String {
    let day = shared.options.clock.now().format("%Y/%m/%d");
    let own = function.logging.group.strip_prefix("/aws/lambda/") == Some(&function.name);
    let name = if own { "" } else { function.name.as_str() };
    format!("{day}/{name}[{}]{}", function.version, shared.options.ids.hex(16))
}

/// Accepts what the function opens to the AWS endpoint, until the sandbox is gone.
fn serve_endpoint(cell: &mut Cell, shared: &Arc<Shared>, function: &FunctionSpec, stream: &str) -> Result<(), Error> {
    let identity = EnvironmentIdentity {
        account: function.account.clone(),
        region: function.region.clone(),
        function: function.name.clone(),
        version: function.version.clone(),
        log_stream: stream.to_owned(),
    };
    for listener in cell.take_listeners()? {
        let (shared, identity) = (shared.clone(), identity.clone());
        cell.accompany(tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                shared.options.endpoint.serve(&identity, connection);
            }
        }));
    }
    Ok(())
}

impl Environment {
    /// The init phase before any invocation: at most ten seconds, and a failure is not the end.
    async fn first_init(&mut self, started: Instant) -> Result<(), Error> {
        self.log_init_start();
        match self.load(Instant::now() + self.shared.options.init_max).await? {
            Ok(()) => {
                let init_ms = ms(started.elapsed());
                self.init_ms = Some(init_ms);
                self.log(&Line::InitReport(InitReport {
                    init_ms,
                    phase: "init",
                    status: Status::Success,
                    error_type: None,
                }));
            }
            Err(failure) => {
                self.log_init_failure(&failure, started, "init");
                self.init_failed = true;
                self.kill().await;
            }
        }
        self.flush();
        Ok(())
    }

    pub(super) fn log_init_start(&mut self) {
        let tools = self.tools.clone();
        let version_arn = tools.runtime.version_arn(&self.function.region);
        self.log(&Line::InitStart { version: &tools.version_name, version_arn: &version_arn });
        for warning in &tools.warnings {
            self.log(&Line::Notice(warning));
        }
        self.flush();
    }

    pub(super) fn log_init_failure(&mut self, failure: &Failure, started: Instant, phase: &str) {
        let (status, kind) = match failure {
            Failure::Error(body) => (Status::Error, error_type(body).map(platform_name)),
            Failure::Exited(exit) => (Status::Error, Some(exit.error_type().to_owned())),
            Failure::TimedOut => (Status::Timeout, None),
        };
        let report = InitReport { init_ms: ms(started.elapsed()), phase, status, error_type: kind.as_deref() };
        self.log(&Line::InitReport(report));
    }

    /// Gets a process to have the handler loaded. The outer error is the machine's, the inner one the function's.
    pub(super) async fn load(&mut self, until: Instant) -> Result<Result<(), Failure>, Error> {
        let mut variables = Some(self.variables());
        if self.process.is_none() {
            // Started with its variables, to which a wrapper may have added some.
            let variables = variables.take().unwrap_or_default();
            if let Err(failure) = self.boot(&variables, until).await? {
                return Ok(Err(failure));
            }
        }
        let frame = self.init_frame(variables.as_ref());
        if let Some(process) = &self.process {
            process.send(&frame, &Bytes::new());
        }
        loop {
            match self.watch(until).await {
                Watched::Process(Seen::Frame(Frame::InitDone)) => {
                    self.collect_output();
                    return Ok(Ok(()));
                }
                Watched::Process(Seen::Frame(Frame::InitError(body))) => return Ok(Err(Failure::Error(body))),
                Watched::Process(Seen::Exited(exit)) => {
                    self.collect_remains();
                    return Ok(Err(Failure::Exited(exit)));
                }
                Watched::Process(_) => {}
                Watched::TimeUp => return Ok(Err(Failure::TimedOut)),
            }
        }
    }

    /// Starts a process of the function's own.
    async fn boot(
        &mut self,
        variables: &BTreeMap<String, String>,
        until: Instant,
    ) -> Result<Result<(), Failure>, Error> {
        match self.cell.start(&self.tools, variables, Boot::Plain).await {
            Ok(process) => self.process = Some(process),
            // The wrapper or the interpreter cannot be run: what a shell would call 127.
            Err(Error::Sandbox(_)) if variables.contains_key("AWS_LAMBDA_EXEC_WRAPPER") => {
                return Ok(Err(Failure::Exited(Exit::not_found())));
            }
            Err(why) => return Err(why),
        }
        loop {
            match self.watch(until).await {
                Watched::Process(Seen::Frame(Frame::Ready(_))) => return Ok(Ok(())),
                Watched::Process(Seen::Exited(exit)) => {
                    self.collect_remains();
                    return Ok(Err(Failure::Exited(exit)));
                }
                Watched::Process(_) => {}
                Watched::TimeUp => return Ok(Err(Failure::TimedOut)),
            }
        }
    }

    fn variables(&self) -> BTreeMap<String, String> {
        variables::all(&self.function, &self.stream, &self.cell.paths, &self.credentials, &self.cell.endpoint_url)
    }

    fn init_frame(&self, variables: Option<&BTreeMap<String, String>>) -> Vec<u8> {
        let json = self.function.logging.format == LogFormat::Json;
        protocol::Init {
            variables,
            handler: &self.function.handler,
            task_root: &self.cell.paths.task,
            opt_root: &self.cell.paths.opt,
            log_format: if json { "JSON" } else { "Text" },
            log_level: json.then(|| self.function.logging.application_level.as_str()),
            major: major(self.function.runtime),
        }
        .encode()
    }
}

/// The number that tells bootstraps what the runtime offers.
pub(super) fn major(runtime: RuntimeId) -> u16 {
    match runtime {
        RuntimeId::Node(major) => major,
        RuntimeId::Python(minor) => minor,
    }
}

/// The `errorType` of an error object.
pub(super) fn error_type(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Told {
        error_type: String,
    }
    serde_json::from_slice(body).ok().map(|told: Told| told.error_type)
}

/// A process waiting for its function.
pub(crate) async fn boot_prepared(cell: &Cell, tools: &Tools) -> Result<(Process, Bytes), Error> {
    let variables = crate::process::prepare_variables(tools.runtime, &cell.paths);
    let mut process = cell.start(tools, &variables, Boot::Prepare).await?;
    let ready = async {
        loop {
            match process.next(cell).await {
                Seen::Frame(Frame::Ready(names)) => return Some(names),
                Seen::Exited(_) => return None,
                Seen::Frame(_) | Seen::Lines(_) => {}
            }
        }
    };
    let names = tokio::time::timeout(limits::BOOT_MAX, ready).await.ok().flatten();
    let names = names.ok_or_else(|| Error::Sandbox("a prepared process did not start".into()))?;
    Ok((process, names))
}
