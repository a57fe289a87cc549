//! `CreateDeployment`: a deployment of the API as it is now, which a stage may serve from then on.

use super::create_part::Creatable;
use super::shared::Settings;
use crate::Error;
use crate::apis::{Change, Deployment, Stage};
use serde::Deserialize;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewDeployment {
    description: Option<String>,
    stage_name: Option<String>,
}

impl Settings for NewDeployment {}

impl Creatable for Deployment {
    const CREATE: &'static str = "CreateDeployment";
    type Settings = NewDeployment;

    fn create(change: &mut Change<'_>, settings: NewDeployment) -> Result<Deployment, Error> {
        let stage = settings.stage_name.map(|name| change.look().part::<Stage>(&name)).transpose()?;
        let deployment = change.deploy(false, settings.description)?;
        if let Some(mut stage) = stage {
            stage.deployment_id = Some(deployment.deployment_id.clone());
            change.put_stage(&mut stage)?;
        }
        Ok(deployment)
    }
}
