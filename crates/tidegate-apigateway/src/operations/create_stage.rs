//! `CreateStage`: a stage, with a deployment of its own if it deploys automatically.

use super::create_part::Creatable;
use super::shared::Settings;
use crate::Error;
use crate::apis::{Change, Stage, StageSettings, checked_tags};
use serde::Deserialize;
use tidegate_types::Tags;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewStage {
    stage_name: String,
    #[serde(flatten)]
    settings: StageSettings,
    tags: Option<Tags>,
}

impl Settings for NewStage {
    const NOT_HONORED: &'static [(&'static str, &'static str)] = StageSettings::NOT_HONORED;
}

impl Creatable for Stage {
    const CREATE: &'static str = "CreateStage";
    type Settings = NewStage;

    fn create(change: &mut Change<'_>, new: NewStage) -> Result<Stage, Error> {
        let mut stage = Stage::new(change.cx(), new.stage_name)?;
        if change.look().find::<Stage>(&stage.stage_name)?.is_some() {
            return Err(Error::StageExists);
        }
        new.settings.apply(&mut stage)?;
        stage.tags = checked_tags(new.tags.unwrap_or_default())?;
        change.check_stage(&stage)?;
        change.add(&stage)?;
        if stage.auto_deploy {
            change.deploy_to(&mut stage)?;
        }
        Ok(stage)
    }
}
