//! Without a mount namespace: folders of the host that stand for entries of the file tree.

use crate::error::Error;
use crate::protocol::below;
use crate::spec::{Mount, MountKind};
use std::fs::{DirBuilder, Permissions, set_permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder with a sandbox's private files, removed with it.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folders and tells what stands for each target.
    pub fn lay_out(mounts: &[Mount]) -> Result<(Scratch, Vec<(PathBuf, PathBuf)>), Error> {
        let failed = |why| Error::System("make a scratch folder", why);
        let scratch = Scratch::create().map_err(failed)?;
        let mut places = Vec::new();
        for mount in mounts {
            let place = match &mount.kind {
                MountKind::ReadOnly(source) | MountKind::ReadWrite(source) | MountKind::Device(source) => {
                    source.clone()
                }
                MountKind::Tmpfs { .. } | MountKind::Directory => scratch.folder(&mount.target).map_err(failed)?,
                MountKind::File(_) | MountKind::Symlink(_) | MountKind::Proc => continue,
            };
            places.push((mount.target.clone(), place));
        }
        Ok((scratch, places))
    }

    /// A new folder. Others may pass through it, because programs may be another user than the server.
    fn create() -> io::Result<Scratch> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let name = format!("tidegate-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            match DirBuilder::new().mode(0o711).create(&path) {
                Ok(()) => return Ok(Scratch(path)),
                Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
                Err(why) => return Err(why),
            }
        }
    }

    fn folder(&self, target: &Path) -> io::Result<PathBuf> {
        let place = below(&self.0, target).ok_or(io::ErrorKind::InvalidInput)?;
        DirBuilder::new().recursive(true).mode(0o711).create(&place)?;
        set_permissions(&place, Permissions::from_mode(0o1777))?;
        Ok(place)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Should something resist, the system's own cleaning of temporary files gets it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
