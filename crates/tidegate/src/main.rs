//! The `tidegate` command: it reads the command line and hands over to one file of `commands`.

mod aws_files;
mod ca_bundle;
mod commands;
mod error;
mod folders;
mod output;
mod server_address;

use clap::{Parser, Subcommand};
use commands::{
    completion::Completion, deploy::Deploy, deploy::Destroy, dev::Dev, doctor::Doctor, env::Env, exec::Exec,
    invoke::Invoke, logs::Logs, ls::Ls, operations::Operations, reset::Reset, runtimes::Runtimes, shell::Shell,
    start::Start, status::Status, url::Url, version::Version,
};
use std::process::ExitCode;

/// Requests allocate in small pieces on several threads, which the C library's allocator does not like: with this one the
/// server answers half as many requests more in a second.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Serverless APIs as on AWS, on your own machine: API Gateway, Lambda, DynamoDB and what they need, in one program
#[derive(Parser)]
#[command(name = "tidegate", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Start(Start),
    Dev(Dev),
    Deploy(Deploy),
    Destroy(Destroy),
    Exec(Exec),
    Shell(Shell),
    Env(Env),
    Invoke(Invoke),
    Logs(Logs),
    Ls(Ls),
    Url(Url),
    Status(Status),
    Doctor(Doctor),
    Runtimes(Runtimes),
    Operations(Operations),
    Reset(Reset),
    Completion(Completion),
    Version(Version),
    #[command(hide = true)]
    HelpPage,
}

fn main() -> ExitCode {
    // The sandbox runs this same program as the first process of each sandbox; then it never returns.
    tidegate_sandbox::init_main();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).without_time().init();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return error::Failure::new("no threads to run on").because(error).report(),
    };
    runtime.block_on(run(cli.command)).unwrap_or_else(|failure| failure.report())
}

async fn run(command: Command) -> error::Outcome {
    match command {
        Command::Start(start) => start.run().await,
        Command::Dev(dev) => dev.run().await,
        Command::Deploy(deploy) => deploy.run().await,
        Command::Destroy(destroy) => destroy.run().await,
        Command::Exec(exec) => exec.run().await,
        Command::Shell(shell) => shell.run().await,
        Command::Env(env) => env.run().await,
        Command::Invoke(invoke) => invoke.run().await,
        Command::Logs(logs) => logs.run().await,
        Command::Ls(ls) => ls.run().await,
        Command::Url(url) => url.run().await,
        Command::Status(status) => status.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Runtimes(runtimes) => runtimes.run().await,
        Command::Operations(operations) => operations.run(),
        Command::Reset(reset) => reset.run().await,
        Command::Completion(completion) => completion.run(),
        Command::Version(version) => version.run(),
        Command::HelpPage => commands::help_page::run(),
    }
}
