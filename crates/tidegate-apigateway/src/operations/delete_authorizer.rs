//! `DeleteAuthorizer`: an authorizer that no route names.

use super::delete_part::Deletable;
use crate::Error;
use crate::apis::{Authorizer, Lookup, Route};

impl Deletable for Authorizer {
    const DELETE: &'static str = "DeleteAuthorizer";

    fn check_free(&self, look: Lookup<'_>) -> Result<(), Error> {
        let named = |route: &Route| route.authorizer_id.as_ref() == Some(&self.authorizer_id);
        if look.parts()?.iter().any(named) { Err(Error::AuthorizerInUse) } else { Ok(()) }
    }
}
