//! Looking once in each run whether an SDK is still what was installed.
//!
//! An SDK has ten thousand files: reading them before the first function starts would take longer than all the rest. So
//! it is read in the background, soon after its first use, and what has loaded a damaged one is ended then.

use crate::shared::Shared;
use crate::{limits, sdk};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The SDKs that were looked at, or are about to be.
#[derive(Default)]
pub(crate) struct SdkChecks(Mutex<HashSet<PathBuf>>);

impl SdkChecks {
    /// Has an SDK looked at, unless that was done in this run.
    pub fn begin(&self, shared: &Arc<Shared>, folder: &Path) {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !begun.contains(folder) {
            begun.insert(folder.to_owned());
            tokio::spawn(check(Arc::downgrade(shared), folder.to_owned()));
        }
    }

    /// One that is installed again is new.
    fn forget(&self, folder: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(folder);
    }
}

async fn check(shared: Weak<Shared>, folder: PathBuf) {
    tokio::time::sleep(limits::SDK_CHECK_AFTER).await;
    if shared.strong_count() == 0 {
        return;
    }
    // A thread of its own, because its low priority stays with it.
    let executor = tokio::runtime::Handle::current();
    let spawned = std::thread::Builder::new().name("sdk-check".to_owned()).spawn(move || {
        // Without it the check is only less polite.
        let _ = rustix::process::nice(19);
        let found = sdk::set_aside_if_damaged(&folder);
        let _entered = executor.enter();
        report(&shared, &folder, found);
    });
    if let Err(why) = spawned {
        tracing::warn!(%why, "the AWS SDK was not checked");
    }
}

fn report(shared: &Weak<Shared>, folder: &Path, found: std::io::Result<Option<String>>) {
    let place = folder.display();
    match found {
        Ok(None) => tracing::debug!(%place, "the AWS SDK is as it was installed"),
        Err(why) => tracing::warn!(%place, %why, "the AWS SDK was not checked"),
        Ok(Some(path)) => {
            tracing::error!(
                %place,
                path,
                "the AWS SDK for functions is damaged: it is set aside and installed again; what functions answered since the server's start may be wrong"
            );
            let Some(shared) = shared.upgrade() else { return };
            shared.sdk_checks.forget(folder);
            shared.replace_sdk(folder);
        }
    }
}
