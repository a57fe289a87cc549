//! `CreateIntegration`: an integration that routes can lead to.

use super::create_part::Creatable;
use crate::Error;
use crate::apis::{Change, Integration, IntegrationSettings};

impl Creatable for Integration {
    const CREATE: &'static str = "CreateIntegration";
    type Settings = IntegrationSettings;

    fn create(change: &mut Change<'_>, settings: IntegrationSettings) -> Result<Integration, Error> {
        let integration = settings.create(change.cx().ids().lower_alphanumeric(7))?;
        change.add(&integration)?;
        Ok(integration)
    }
}
