//! `tidegate runtimes`: which Lambda runtimes this machine can run, and installing what they bring along.

use crate::error::{Failure, Outcome};
use crate::folders;
use crate::output::{self, Paint, Progress, line, paint};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tidegate_runtime::{Interpreter, RuntimeId, choose, discover, install_sdk};

/// List the Lambda runtimes of this machine, or install their SDKs
#[derive(Args)]
pub struct Runtimes {
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to do about runtimes.
#[derive(Subcommand)]
pub enum Action {
    /// Install the AWS SDK that a runtime brings along, as Lambda's has it
    Install {
        /// Such as nodejs20.x or python3.12
        runtime: String,
    },
}

/// What took longer than this is told.
const NOTICEABLE: Duration = Duration::from_secs(2);

/// A runtime, and the interpreter that would stand for it.
pub type Found = (RuntimeId, Option<Interpreter>);

impl Runtimes {
    /// Lists, or installs.
    pub async fn run(self) -> Outcome {
        match &self.action {
            Some(Action::Install { runtime }) => install(runtime, true).await?,
            None if self.json => output::json(&json(&found().await?)),
            None => found().await?.iter().for_each(|found| line(&text(found))),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// All runtimes with their interpreters. It asks each interpreter for its version, which takes a moment.
pub async fn found() -> Result<Vec<Found>, Failure> {
    blocking(|| {
        let cache = folders::cache().unwrap_or_default();
        let of = |runtime: RuntimeId| choose(&discover(runtime, &cache), runtime).ok().cloned();
        RuntimeId::ALL.into_iter().map(|runtime| (runtime, of(runtime))).collect()
    })
    .await
}

/// A line for people.
pub fn text((runtime, interpreter): &Found) -> String {
    let name = runtime.to_string();
    match interpreter {
        None => format!("  {} {name:12} no interpreter", paint(Paint::Bad, "✗")),
        Some(found) => {
            let (major, minor, patch) = found.version;
            let mark =
                if found.is_exact_for(*runtime) { paint(Paint::Good, "✓") } else { paint(Paint::Change, "≈") };
            format!("  {mark} {name:12} {major}.{minor}.{patch}  {}", found.prefix.join(&found.program).display())
        }
    }
}

/// The same for programs.
pub fn json(all: &[Found]) -> Value {
    let one = |(runtime, interpreter): &Found| {
        let version = interpreter.as_ref().map(|i| format!("{}.{}.{}", i.version.0, i.version.1, i.version.2));
        let exact = interpreter.as_ref().is_some_and(|i| i.is_exact_for(*runtime));
        json!({ "runtime": runtime.to_string(), "version": version, "exact": exact })
    };
    all.iter().map(one).collect()
}

/// Installs the SDK of a runtime unless it is there, so that the first function does not wait for it.
pub async fn ensure(name: &str) -> Result<(), Failure> {
    install(name, false).await
}

async fn install(name: &str, always_tell: bool) -> Result<(), Failure> {
    let runtime: RuntimeId = name.parse().map_err(|e| Failure::new(format!("{name} is no runtime")).because(e))?;
    let cache = folders::cache().ok_or_else(|| Failure::new("no folder for the SDK").because("HOME is not set"))?;
    let what = format!("installing the AWS SDK of {runtime}; this happens once");
    let (progress, began) = (Progress::start(&what), Instant::now());
    let mut step = progress.steps();
    let installed = blocking(move || {
        let interpreters = discover(runtime, &cache);
        install_sdk(&cache, runtime, choose(&interpreters, runtime)?, &mut step)
    })
    .await?;
    installed.map_err(|error| {
        Failure::new(format!("the SDK of {runtime} was not installed"))
            .because(error)
            .hint("`tidegate doctor` lists the interpreters.")
    })?;
    if always_tell || began.elapsed() > NOTICEABLE {
        progress.done(&format!("  {} the AWS SDK of {runtime} is installed", paint(Paint::Good, "✓")));
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::new("the work was interrupted").because(error))
}
