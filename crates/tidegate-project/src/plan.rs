//! What a deployment will do, in order, and doing it.

use crate::client::Client;
use crate::file::Project;
use crate::resources::{self, Resource};
pub use crate::resources::{Change, Error};

/// One resource, and what has to happen to it.
#[derive(Debug)]
pub struct Step {
    /// The resource.
    pub resource: Resource,
    /// What has to happen.
    pub change: Change,
}

/// All steps, in the order in which they are taken.
#[derive(Debug)]
pub struct Plan {
    /// The steps; those that change nothing are among them.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Compares a project with what is there.
    pub async fn to_deploy(client: &Client, project: &Project) -> Result<Plan, Error> {
        let mut steps = Vec::new();
        for resource in resources::of(project)? {
            let change = resource.compare(client).await?;
            steps.push(Step { resource, change });
        }
        let left_over = Plan::to_destroy(client, &project.name).await?.steps.into_iter();
        let named: Vec<(&str, String)> =
            steps.iter().map(|s| (s.resource.kind(), s.resource.name().to_owned())).collect();
        let gone = left_over.filter(|s| !named.contains(&(s.resource.kind(), s.resource.name().to_owned())));
        let gone: Vec<Step> = gone.collect();
        steps.extend(gone);
        Ok(Plan { steps })
    }

    /// Everything that a project has made, to be removed in the reverse order.
    pub async fn to_destroy(client: &Client, project: &str) -> Result<Plan, Error> {
        let resources = resources::existing(client, project).await?;
        let steps = resources.into_iter().rev().map(|resource| Step { resource, change: Change::Remove });
        Ok(Plan { steps: steps.collect() })
    }

    /// The steps that change something.
    pub fn changes(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.change != Change::Keep)
    }

    /// Whether everything is as the project says.
    pub fn is_done(&self) -> bool {
        self.changes().next().is_none()
    }
}

impl Step {
    /// Takes the step.
    pub async fn take(&self, client: &Client) -> Result<(), Error> {
        self.resource.apply(client, &self.change).await
    }
}
