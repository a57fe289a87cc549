//! The `tidegate` command: it reads the command line and hands over to one file of `commands`.

mod aws_files;
mod ca_bundle;
mod commands;
mod error;
mod server_address;

use clap::{Parser, Subcommand};
use commands::{exec::Exec, start::Start};
use std::process::ExitCode;

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
    Exec(Exec),
}

fn main() -> ExitCode {
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
        Command::Exec(exec) => exec.run().await,
    }
}
