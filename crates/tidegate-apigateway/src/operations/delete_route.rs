//! `DeleteRoute`: a route; nothing needs one.

use super::delete_part::Deletable;
use crate::Error;
use crate::apis::{Lookup, Route};

impl Deletable for Route {
    const DELETE: &'static str = "DeleteRoute";

    fn check_free(&self, _: Lookup<'_>) -> Result<(), Error> {
        Ok(())
    }
}
