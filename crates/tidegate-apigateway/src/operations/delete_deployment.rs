//! `DeleteDeployment`: a deployment that no stage serves.

use super::delete_part::Deletable;
use crate::Error;
use crate::apis::{Change, Deployment, Lookup, Stage};

impl Deletable for Deployment {
    const DELETE: &'static str = "DeleteDeployment";

    fn check_free(&self, look: Lookup<'_>) -> Result<(), Error> {
        let serves = |stage: &Stage| stage.deployment_id.as_ref() == Some(&self.deployment_id);
        if look.parts()?.iter().any(serves) { Err(Error::DeploymentInUse) } else { Ok(()) }
    }

    fn delete(&self, change: &mut Change<'_>) -> Result<(), Error> {
        change.remove_deployment(&self.deployment_id)
    }
}
