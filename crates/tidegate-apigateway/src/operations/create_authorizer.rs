//! `CreateAuthorizer`: an authorizer whose name is free.

use super::create_part::Creatable;
use crate::Error;
use crate::apis::{Authorizer, AuthorizerSettings, Change};

impl Creatable for Authorizer {
    const CREATE: &'static str = "CreateAuthorizer";
    type Settings = AuthorizerSettings;

    fn create(change: &mut Change<'_>, settings: AuthorizerSettings) -> Result<Authorizer, Error> {
        let authorizer = settings.create(change.cx().ids().lower_alphanumeric(6))?;
        change.check_authorizer(&authorizer)?;
        change.add(&authorizer)?;
        Ok(authorizer)
    }
}
