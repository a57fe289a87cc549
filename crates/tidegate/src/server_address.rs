//! Where the running server is, and a way to ask it something.

use crate::aws_files;
use crate::error::Failure;
use clap::Args;
use tidegate_project::Client;
use tidegate_project::http::get;

/// Which server a command talks to.
#[derive(Args, Clone, Debug)]
pub struct ServerAddress {
    /// Port of the running server
    #[arg(long, env = "TIDEGATE_PORT", default_value_t = 4566)]
    pub port: u16,
}

impl ServerAddress {
    /// Its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A client of it, with the account root's key, in the region that tools inside of `tidegate exec` use.
    pub async fn client(&self) -> Result<Client, Failure> {
        self.get("/_tidegate/health").await?;
        let named = ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| std::env::var(name).ok());
        Ok(Client::local(self.port, &named.filter(|name| !name.is_empty()).unwrap_or_else(aws_files::region)))
    }

    /// The text at one of Tidegate's own paths.
    pub async fn get(&self, path: &str) -> Result<String, Failure> {
        let answer = get(self.port, path).await.map_err(|error| {
            Failure::new(format!("no Tidegate answers on port {}", self.port))
                .because(error)
                .hint("Start one with `tidegate start`, or name its port with --port.")
        })?;
        if answer.status == 200 {
            return Ok(answer.text());
        }
        Err(Failure::new(format!("port {} is not Tidegate's", self.port))
            .because(format!("GET {path} was answered with {}", answer.status))
            .hint("Another program listens there. Name Tidegate's port with --port."))
    }
}
