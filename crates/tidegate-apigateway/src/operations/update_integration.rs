//! `UpdateIntegration`: what an integration calls, and how.

use super::update_part::Updatable;
use crate::Error;
use crate::apis::{Change, Integration, IntegrationSettings};

impl Updatable for Integration {
    const UPDATE: &'static str = "UpdateIntegration";
    type Settings = IntegrationSettings;

    fn update(mut self, change: &mut Change<'_>, settings: IntegrationSettings) -> Result<Integration, Error> {
        settings.apply(&mut self)?;
        change.put(&self)?;
        Ok(self)
    }
}
