//! `tidegate shell`: a shell in which every tool reaches Tidegate.

use super::exec::run_inside;
use crate::error::Outcome;
use crate::server_address::ServerAddress;
use clap::Args;

/// Open a shell whose AWS calls go to Tidegate
#[derive(Args)]
pub struct Shell {
    #[command(flatten)]
    pub server: ServerAddress,
}

impl Shell {
    /// Runs the user's own shell until it ends.
    pub async fn run(self) -> Outcome {
        self.server.get("/_tidegate/health").await?;
        let shell = std::env::var("SHELL").unwrap_or_else(|_| "/bin/sh".to_owned());
        eprintln!("AWS' names lead to Tidegate at {} in this shell. `exit` leaves it.", self.server.url());
        run_inside(&self.server, &[shell]).await
    }
}
