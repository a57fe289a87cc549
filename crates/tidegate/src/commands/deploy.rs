//! `tidegate deploy`: makes what a project file says, and shows beforehand what that will add, change or remove.

use crate::error::{Failure, Outcome};
use crate::output::{Paint, Progress, ask, json, line, paint};
use crate::server_address::ServerAddress;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tidegate_project::plan::Error;
use tidegate_project::{Change, Client, Plan, Project, Step};

/// Make what a project file says
#[derive(Args)]
pub struct Deploy {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The project file, or a folder with one
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Do it without asking
    #[arg(long, short)]
    pub yes: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the plan as JSON
    #[arg(long)]
    pub json: bool,
}

impl Deploy {
    /// Plans, shows, asks, does.
    pub async fn run(self) -> Outcome {
        let project = read(&self.project)?;
        let client = self.server.client().await?;
        let plan = Plan::to_deploy(&client, &project).await.map_err(unplanned)?;
        show(&plan, self.json, AS_THE_PROJECT_SAYS);
        if !carry_on(&plan, self.yes, self.dry_run)? {
            return Ok(ExitCode::SUCCESS);
        }
        install_sdks(&plan, &project).await;
        take(&client, &plan, self.json).await?;
        if !self.json {
            super::url::print_all(&client, &self.server, &project.name).await?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Remove everything that a project has made
#[derive(Args)]
pub struct Destroy {
    #[command(flatten)]
    pub server: ServerAddress,
    /// The project file, or a folder with one
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Do it without asking
    #[arg(long, short)]
    pub yes: bool,
    /// Print the plan as JSON
    #[arg(long)]
    pub json: bool,
}

impl Destroy {
    /// Plans, shows, asks, does.
    pub async fn run(self) -> Outcome {
        let project = read(&self.project)?;
        let client = self.server.client().await?;
        let plan = Plan::to_destroy(&client, &project.name).await.map_err(unplanned)?;
        show(&plan, self.json, &format!("Nothing to remove: nothing of the project {} is here.", project.name));
        if carry_on(&plan, self.yes, false)? {
            take(&client, &plan, self.json).await?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a project file.
pub fn read(path: &Path) -> Result<Project, Failure> {
    Project::read(path).map_err(|error| {
        Failure::new("the project cannot be read").because(error).hint("docs/project-file.md describes the file.")
    })
}

/// What is said where there is nothing to deploy.
pub const AS_THE_PROJECT_SAYS: &str = "Nothing to do: everything is as the project says.";

/// A deployment that did not begin.
pub fn unplanned(error: Error) -> Failure {
    let hint = match &error {
        Error::NotOurs(_) => "Give it another name in the project file, or remove what has the name now.",
        Error::File(_) => "docs/project-file.md describes the file.",
        _ => "Mend the cause and try again.",
    };
    Failure::new("nothing was changed").because(error).hint(hint)
}

/// Installs the SDKs of the functions that the plan changes, so that what takes long is seen, and their first requests
/// need not wait. The server would do it as well; where it cannot be done here, it tries.
pub async fn install_sdks(plan: &Plan, project: &Project) {
    let changes = |name: &str| plan.changes().any(|s| s.resource.kind() == "function" && s.resource.name() == name);
    let changed = project.functions.iter().filter(|function| changes(&function.name));
    for runtime in changed.map(|function| function.runtime.as_str()).collect::<BTreeSet<_>>() {
        if let Err(failure) = super::runtimes::ensure(runtime).await {
            eprintln!("{}", failure.as_warning());
        }
    }
}

/// A deployment that stopped.
pub fn stopped(error: Error) -> Failure {
    Failure::new("the deployment stopped")
        .because(error)
        .hint("What was done before stays; mend the cause and deploy again.")
}

/// Shows what a plan will do.
pub fn show(plan: &Plan, as_json: bool, if_done: &str) {
    if as_json {
        let steps: Vec<Value> = plan.steps.iter().map(step_json).collect();
        return json(&json!({ "steps": steps }));
    }
    if plan.is_done() {
        return line(if_done);
    }
    plan.changes().for_each(|step| line(&step_line(step)));
}

fn step_json(step: &Step) -> Value {
    let (change, points) = match &step.change {
        Change::Keep => ("keep", Vec::new()),
        Change::Add => ("add", Vec::new()),
        Change::Update(points) => ("change", points.clone()),
        Change::Remove => ("remove", Vec::new()),
    };
    json!({ "resource": step.resource.kind(), "name": step.resource.name(), "change": change, "points": points })
}

fn step_line(step: &Step) -> String {
    let (kind, name) = (step.resource.kind(), step.resource.name());
    match &step.change {
        Change::Keep => format!("  = {kind} {name}"),
        Change::Add => paint(Paint::Good, &format!("  + {kind} {name}")),
        Change::Update(points) => paint(Paint::Change, &format!("  ~ {kind} {name}: {}", points.join(", "))),
        Change::Remove => paint(Paint::Bad, &format!("  - {kind} {name}")),
    }
}

fn carry_on(plan: &Plan, yes: bool, dry_run: bool) -> Result<bool, Failure> {
    if plan.is_done() || dry_run {
        return Ok(false);
    }
    if yes {
        return Ok(true);
    }
    let nobody = || Failure::new("nobody is there to say yes").hint("Give --yes to do it without a question.");
    ask("Do this?").ok_or_else(nobody)
}

/// Carries a plan out, with progress.
pub async fn take(client: &Client, plan: &Plan, quiet: bool) -> Result<(), Failure> {
    for step in plan.changes() {
        let (kind, name) = (step.resource.kind(), step.resource.name());
        let progress = Progress::start(&format!("{kind} {name}"));
        step.take(client).await.map_err(stopped)?;
        let what = match step.change {
            Change::Add => "added",
            Change::Remove => "removed",
            _ => "changed",
        };
        if !quiet {
            progress.done(&format!("  {} {kind} {name} {what}", paint(Paint::Good, "✓")));
        }
    }
    Ok(())
}
