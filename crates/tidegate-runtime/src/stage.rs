//! Copies for systems without mount namespaces.
//!
//! There, programs of a server that runs as root are somebody else, and do not get into root's folders: the code, the
//! SDK and perhaps the interpreter have to be shown to them somewhere else.

use crate::process::blocking;
use crate::tree_copy::copy_over;
use crate::{Error, Options};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidegate_sandbox::{Layer, Sandbox, Spec};
use tokio::sync::OnceCell;

/// Where copies are, if they are needed at all.
#[derive(Default)]
pub(crate) struct Stage(OnceCell<Option<PathBuf>>);

impl Stage {
    /// A folder as programs can reach it: itself, or a copy.
    ///
    /// # Errors
    /// When a copy cannot be made.
    pub async fn show(&self, folder: &Path, options: &Arc<Options>) -> Result<PathBuf, Error> {
        let options = options.clone();
        let root = self.0.get_or_try_init(|| blocking(move || find_root(&options))).await?;
        let Some(root) = root.clone() else { return Ok(folder.to_owned()) };
        let folder = folder.to_owned();
        blocking(move || if is_public(&folder) { Ok(folder) } else { copy(&folder, &root) })
            .await
            .map_err(|why| Error::Io("show a folder to functions", why))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(Some(root)) = self.0.get() {
            let _ = fs::remove_dir_all(root);
        }
    }
}

/// The folder for copies; `None` where sandboxes have file trees of their own, or programs are the server's user.
fn find_root(options: &Options) -> Result<Option<PathBuf>, Error> {
    let failed = |why| Error::Io("make a folder for functions", why);
    let server = fs::metadata(&options.scratch_dir).map_err(failed)?.uid();
    let sandbox = Sandbox::spawn(&Spec::default(), &options.sandbox).map_err(|why| Error::Sandbox(why.to_string()))?;
    if server != 0 || !sandbox.missing_layers().contains(&Layer::Mount) {
        return Ok(None);
    }
    let root = std::env::temp_dir().join(format!("tidegate-shown-{}", options.ids.hex(8)));
    fs::create_dir(&root).map_err(failed)?;
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    Ok(Some(root))
}

/// Whether everybody may read a folder and come to it.
fn is_public(folder: &Path) -> bool {
    let mode = |path: &Path| fs::metadata(path).map_or(0, |found| found.permissions().mode());
    mode(folder) & 0o005 == 0o005 && folder.ancestors().skip(1).all(|above| mode(above) & 0o001 == 0o001)
}

fn copy(folder: &Path, root: &Path) -> io::Result<PathBuf> {
    // Another folder at the same path, such as an SDK that was installed again, gets another copy.
    let inode = fs::metadata(folder)?.ino().to_le_bytes();
    let hash = Sha256::new().chain_update(inode).chain_update(folder.as_os_str().as_encoded_bytes()).finalize();
    let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let target = root.join(name);
    crate::tree_copy::once(&target, |partial| {
        copy_over(folder, partial)?;
        fs::set_permissions(partial, fs::Permissions::from_mode(0o755))
    })?;
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_everybody_can_reach() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let inner = dir.path().join("a").join("b");
        fs::create_dir_all(&inner).expect("a folder can be made");
        for (above, mode, expected) in
            [(0o755, 0o755, true), (0o711, 0o755, true), (0o700, 0o755, false), (0o755, 0o711, false)]
        {
            fs::set_permissions(dir.path().join("a"), fs::Permissions::from_mode(above)).expect("it is ours");
            fs::set_permissions(&inner, fs::Permissions::from_mode(mode)).expect("it is ours");
            assert_eq!(is_public(&inner) && is_public(&std::env::temp_dir()), expected, "{above:o} {mode:o}");
        }
    }
}
