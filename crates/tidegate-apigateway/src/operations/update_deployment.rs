//! `UpdateDeployment`: the description of a deployment.

use super::shared::Settings;
use super::update_part::Updatable;
use crate::Error;
use crate::apis::{Change, Deployment, description};
use serde::Deserialize;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeploymentSettings {
    description: Option<String>,
}

impl Settings for DeploymentSettings {}

impl Updatable for Deployment {
    const UPDATE: &'static str = "UpdateDeployment";
    type Settings = DeploymentSettings;

    fn update(mut self, change: &mut Change<'_>, settings: DeploymentSettings) -> Result<Deployment, Error> {
        description(settings.description.as_ref())?;
        self.description = settings.description.or(self.description);
        change.put(&self)?;
        Ok(self)
    }
}
