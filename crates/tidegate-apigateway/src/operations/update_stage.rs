//! `UpdateStage`: the settings of a stage that quick create did not make.

use super::update_part::Updatable;
use crate::Error;
use crate::apis::{Change, Stage, StageSettings};
use crate::tables::Part;

impl Updatable for Stage {
    const UPDATE: &'static str = "UpdateStage";
    type Settings = StageSettings;

    fn update(mut self, change: &mut Change<'_>, settings: StageSettings) -> Result<Stage, Error> {
        if self.api_gateway_managed == Some(true) {
            return Err(Error::Managed(Stage::KIND));
        }
        let before = self.auto_deploy;
        settings.apply(&mut self)?;
        change.check_stage(&self)?;
        change.put_stage(&mut self)?;
        if self.auto_deploy && !before {
            change.deploy_to(&mut self)?;
        }
        Ok(self)
    }
}
