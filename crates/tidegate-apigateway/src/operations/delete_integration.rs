//! `DeleteIntegration`: an integration that no route leads to and quick create did not make.

use super::delete_part::Deletable;
use crate::Error;
use crate::apis::{Integration, Lookup, Route};
use crate::tables::Part;

impl Deletable for Integration {
    const DELETE: &'static str = "DeleteIntegration";

    fn check_free(&self, look: Lookup<'_>) -> Result<(), Error> {
        if self.api_gateway_managed == Some(true) {
            return Err(Error::Managed(Integration::KIND));
        }
        let led_to = |route: &Route| route.integration_id() == Some(&self.integration_id);
        if look.parts()?.iter().any(led_to) { Err(Error::IntegrationInUse) } else { Ok(()) }
    }
}
