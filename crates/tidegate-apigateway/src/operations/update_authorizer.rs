//! `UpdateAuthorizer`: what an authorizer asks, and whom.

use super::update_part::Updatable;
use crate::Error;
use crate::apis::{Authorizer, AuthorizerSettings, Change};

impl Updatable for Authorizer {
    const UPDATE: &'static str = "UpdateAuthorizer";
    type Settings = AuthorizerSettings;

    fn update(mut self, change: &mut Change<'_>, settings: AuthorizerSettings) -> Result<Authorizer, Error> {
        settings.apply(&mut self)?;
        change.check_authorizer(&self)?;
        change.put(&self)?;
        Ok(self)
    }
}
