//! `tidegate help-page`: the command-line reference, `docs/cli.md`. Hidden: it is for the repository.

use crate::error::Outcome;
use crate::output::line;
use clap::{Command, CommandFactory};
use std::process::ExitCode;

/// Prints the page.
pub fn run() -> Outcome {
    line("# The command line\n\nWritten by `cargo xtask coverage` from the program's own help.\n");
    let mut cli = crate::Cli::command().term_width(100);
    cli.build();
    for command in cli.get_subcommands_mut().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
        section(command);
    }
    line(
        "Commands that print something take `--json` for programs. Colors and progress appear on terminals only, and never with\n`NO_COLOR`. Exit status: 0 done, 1 not done, 2 wrong usage, 74 the disk failed,\n78 data of a newer version; `exec` passes its command's on, or ends with 126 or 127 if it cannot be started.\n\n`exec` and `shell` keep what `aws configure` sets inside of them, but for the keys, in `~/.config/tidegate`. The region is\n`AWS_REGION`'s or else the profile's, for tools inside of `exec` as for the commands above.\n\nBehind a proxy, start the server with `HTTPS_PROXY`, `HTTP_PROXY` (`http://[USER:PASSWORD@]HOST:PORT`) and `NO_PROXY` as\nusual: tools inside of `exec` reach other hosts through it, and AWS' names never.",
    );
    Ok(ExitCode::SUCCESS)
}

fn section(command: &mut Command) {
    let (name, help) = (command.get_name().to_owned(), command.render_help());
    line(&format!("## tidegate {name}\n\n```text\n{}\n```\n", help.to_string().trim_end()));
}
