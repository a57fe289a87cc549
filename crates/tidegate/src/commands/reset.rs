//! `tidegate reset`: removes everything that a stopped server has kept.

use crate::error::{Failure, Outcome};
use crate::folders;
use crate::output::{ask, line};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Remove all data of a server that is not running
#[derive(Args)]
pub struct Reset {
    /// The server's data folder [default: ~/.local/share/tidegate]
    #[arg(long, env = "TIDEGATE_DATA")]
    pub data: Option<PathBuf>,
    /// Do it without asking
    #[arg(long, short)]
    pub yes: bool,
}

impl Reset {
    /// Removes the folder, if it is a server's and none uses it.
    pub async fn run(self) -> Outcome {
        let folder = self
            .data
            .or_else(folders::data)
            .ok_or_else(|| Failure::new("no folder to reset").because("HOME is not set"))?;
        if !folder.exists() {
            line(&format!("{} is empty already.", folder.display()));
            return Ok(ExitCode::SUCCESS);
        }
        unused(&folder)?;
        let sure = self.yes || ask(&format!("Remove everything in {}?", folder.display())).unwrap_or(false);
        if !sure {
            return Err(Failure::new("nothing was removed").hint("Give --yes to do it without a question."));
        }
        std::fs::remove_dir_all(&folder)
            .map_err(|e| Failure::new(format!("{} cannot be removed", folder.display())).because(e))?;
        line(&format!("{} is removed.", folder.display()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Only a data folder is removed, and only when no server holds it.
fn unused(folder: &Path) -> Result<(), Failure> {
    tidegate_server::data_folder_is_free(folder).map_err(|why| {
        Failure::new(format!("{} is not reset", folder.display()))
            .because(why)
            .hint("Stop the server first, or name another folder with --data.")
    })
}
