//! Revisions: what changes with each change, so that clients can say which state they mean to change.

use crate::Error;

/// Refuses a request made for another revision.
pub(crate) fn check_revision(current: &str, wanted: &Option<String>) -> Result<(), Error> {
    match wanted {
        Some(wanted) if wanted != current => Err(Error::Revision),
        _ => Ok(()),
    }
}
