//! One execution environment: a task that owns a sandbox, the process in it and its log stream, and runs one invocation
//! after another. <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>

mod init;
mod invoke;
mod outcome;

use crate::logs::LogBuffer;
use crate::pool::{Pool, Turn};
use crate::process::{Cell, Process, Seen};
use crate::report::Line;
use crate::shared::{Presence, Shared};
use crate::tools::Tools;
use crate::{Credentials, Error, FunctionSpec, limits};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidegate_types::Timestamp;
use tokio::sync::mpsc;

pub(crate) use init::{boot_prepared, start};

/// An environment. It is never used for another function, version or account.
pub(crate) struct Environment {
    shared: Arc<Shared>,
    function: Arc<FunctionSpec>,
    tools: Arc<Tools>,
    cell: Cell,
    /// The runtime's process; none after it died, until the next invocation.
    process: Option<Process>,
    frozen: bool,
    /// The log stream's name.
    stream: String,
    logs: LogBuffer,
    flush_at: Option<Instant>,
    credentials: Credentials,
    /// How long init took, until an invocation has reported it.
    init_ms: Option<f64>,
    /// Whether init went wrong before any invocation, so that it is done again without a new INIT_START.
    init_failed: bool,
    /// Whether the sandbox is lost: then so is the environment.
    broken: bool,
    warnings: Vec<String>,
    memory_mb: u32,
    memory_read_at: Option<Instant>,
    _presence: Presence,
}

/// What happened while the environment watched its process.
enum Watched {
    /// The process did something.
    Process(Seen),
    /// The time is up.
    TimeUp,
}

impl Environment {
    /// Serves invocations until nobody needs the environment any more.
    pub async fn live(mut self, mut turns: mpsc::Receiver<Turn>, pool: Arc<Pool>, id: u64) {
        while let Some(turn) = self.wait(&mut turns, &pool, id).await {
            let mut next = Some(turn);
            while let Some(turn) = next {
                next = self.serve(turn, &pool).await;
            }
        }
        self.flush();
    }

    /// Runs an invocation; gives the next one if it waits already.
    async fn serve(&mut self, turn: Turn, pool: &Pool) -> Option<Turn> {
        let Turn { call, seat, busy } = turn;
        let result = self.invoke(&call.invocation).await;
        drop((call.running, busy));
        let took = Duration::from_secs_f64(result.metrics.duration_ms / 1000.0);
        // Back in the pool before the answer, so that the client's next request finds it.
        let next = if self.broken { None } else { pool.finish(seat, took) };
        // Nobody waits when the client went away.
        let _ = call.reply.send(Ok(result));
        next
    }

    /// Waits for the next invocation; freezes meanwhile. `None` when the environment is to end.
    async fn wait(&mut self, turns: &mut mpsc::Receiver<Turn>, pool: &Pool, id: u64) -> Option<Turn> {
        let idle_since = Instant::now();
        loop {
            let pause = if self.frozen || self.process.is_none() { limits::IDLE_MAX } else { limits::FREEZE_AFTER };
            let until = idle_since + pause;
            tokio::select! {
                biased;
                turn = turns.recv() => return turn,
                watched = self.watch(until) => match watched {
                    Watched::Process(Seen::Exited(_)) => self.collect_remains(),
                    // Nobody asked: a late answer of an invocation that is over.
                    Watched::Process(_) => {}
                    Watched::TimeUp if idle_since.elapsed() >= limits::IDLE_MAX => {
                        if pool.remove_idle(id) {
                            return None;
                        }
                    }
                    Watched::TimeUp => self.freeze().await,
                },
            }
        }
    }

    async fn freeze(&mut self) {
        self.collect_output();
        self.flush();
        self.frozen = true;
        // Where freezing fails the processes run on: less than AWS does, but no reason to lose the environment.
        self.cell.freeze().await;
    }

    async fn thaw(&mut self) {
        if self.frozen {
            self.cell.thaw().await;
            self.frozen = false;
        }
    }

    /// The next thing that the process does, or the end of the time; lines are put into the log meanwhile.
    async fn watch(&mut self, until: Instant) -> Watched {
        loop {
            let now = Instant::now();
            if self.flush_at.is_some_and(|at| at <= now) {
                self.flush();
            }
            // Asked here and not only below: a flood of output would never let the timer be looked at.
            if until <= now {
                return Watched::TimeUp;
            }
            let wake = self.flush_at.map_or(until, |at| at.min(until));
            let seen = match &mut self.process {
                Some(process) => tokio::time::timeout_at(wake.into(), process.next(&self.cell)).await,
                None => {
                    tokio::time::sleep_until(wake.into()).await;
                    continue;
                }
            };
            match seen {
                Ok(Seen::Lines(lines)) => self.log_lines(lines),
                Ok(seen) => return Watched::Process(seen),
                Err(_) => {}
            }
        }
    }

    /// After the process has ended.
    fn collect_remains(&mut self) {
        if let Some(mut process) = self.process.take() {
            let lines = process.drain();
            self.log_lines(lines);
        }
    }

    /// What the process has written up to now. A line without an end belongs to the invocation that it was written in.
    fn collect_output(&mut self) {
        if let Some(process) = &mut self.process {
            let lines = process.drain();
            self.log_lines(lines);
        }
    }

    /// Ends all processes; `/tmp` stays.
    async fn kill(&mut self) {
        self.cell.kill().await;
        self.frozen = false;
        self.collect_remains();
    }

    fn now(&self) -> Timestamp {
        self.shared.options.clock.now()
    }

    fn log_lines(&mut self, lines: Vec<String>) {
        let now_ms = self.now().as_ms();
        for line in lines {
            self.logs.push(now_ms, line);
        }
        self.flush_soon();
    }

    fn log(&mut self, line: &Line<'_>) {
        let now = self.now();
        if let Some(message) = line.render(&self.function, now) {
            self.logs.push_always(now.as_ms(), message);
            self.flush_soon();
        }
    }

    fn log_dropped(&mut self) {
        if let Some(count) = self.logs.take_dropped() {
            let text = format!("{count} log lines were dropped: they came faster than they can be kept");
            self.log(&Line::Notice(&text));
        }
    }

    fn flush_soon(&mut self) {
        self.flush_at.get_or_insert_with(|| Instant::now() + limits::LOG_DELAY);
    }

    /// Hands on what waits.
    fn flush(&mut self) {
        self.flush_at = None;
        let events = self.logs.take();
        if !events.is_empty() {
            self.shared.options.logs.lines(&self.function, &self.stream, events);
        }
    }

    /// Most memory used so far in MiB; read anew only now and then.
    fn memory_mb(&mut self) -> u32 {
        let stale = self.memory_read_at.is_none_or(|at| at.elapsed() >= limits::MEMORY_READ_EVERY);
        if stale {
            self.memory_mb = self.cell.memory_peak_mb().unwrap_or(0).min(self.function.memory_mb);
            self.memory_read_at = Some(Instant::now());
        }
        self.memory_mb
    }
}

/// Milliseconds with their fraction.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// New credentials of the execution role.
async fn credentials(function: &FunctionSpec) -> Result<Credentials, Error> {
    (function.credentials)().await.map_err(Error::Credentials)
}
