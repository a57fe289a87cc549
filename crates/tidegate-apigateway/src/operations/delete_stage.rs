//! `DeleteStage`: a stage that quick create did not make.

use super::delete_part::Deletable;
use crate::Error;
use crate::apis::{Lookup, Stage};
use crate::tables::Part;

impl Deletable for Stage {
    const DELETE: &'static str = "DeleteStage";

    fn check_free(&self, _: Lookup<'_>) -> Result<(), Error> {
        if self.api_gateway_managed == Some(true) { Err(Error::Managed(Stage::KIND)) } else { Ok(()) }
    }
}
