//! The folder that is shown at `/opt`.

use crate::process::blocking;
use crate::{Error, FunctionSpec, Options};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One layer is shown as it is; of several a merged folder is made once, in which the later one wins.
/// <https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html>
///
/// # Errors
/// When a layer cannot be read or the merged folder cannot be written.
pub(crate) async fn folder(options: &Options, function: &FunctionSpec) -> Result<Option<PathBuf>, Error> {
    match function.layer_dirs.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => {
            let (layers, target) = (several.to_vec(), options.scratch_dir.join("layers").join(name(several)));
            let merged = blocking(move || merge(&layers, &target).map(|()| target));
            merged.await.map(Some).map_err(|why| Error::Io("merge layers", why))
        }
    }
}

fn name(layers: &[PathBuf]) -> String {
    let mut hash = Sha256::new();
    for layer in layers {
        hash.update(layer.as_os_str().as_encoded_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn merge(layers: &[PathBuf], target: &Path) -> io::Result<()> {
    if target.is_dir() {
        return Ok(());
    }
    // Several environments may do this at the same time; the first that is done wins.
    let partial = tempfile_beside(target)?;
    for layer in layers {
        copy_over(layer, &partial)?;
    }
    match fs::rename(&partial, target) {
        Err(_) if target.is_dir() => fs::remove_dir_all(&partial),
        done => done,
    }
}

fn tempfile_beside(target: &Path) -> io::Result<PathBuf> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let partial = target.with_extension(format!("partial-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir_all(&partial)?;
    Ok(partial)
}

/// Adds a tree to another. Files are linked where that is possible, which costs no space.
fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
        let present = fs::symlink_metadata(&target).ok();
        if kind.is_dir() {
            if present.is_some_and(|found| !found.is_dir()) {
                fs::remove_file(&target)?;
            }
            fs::create_dir_all(&target)?;
            copy_over(&source, &target)?;
            continue;
        }
        match present {
            Some(found) if found.is_dir() => fs::remove_dir_all(&target)?,
            Some(_) => fs::remove_file(&target)?,
            None => {}
        }
        if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
        } else if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
    }

    #[test]
    fn later_layers_win() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let [a, b, target] = ["a", "b", "merged"].map(|name| dir.path().join(name));
        tree(&a, &[("python/x.py", "a"), ("python/only_a.py", "a"), ("was_file", "a"), ("was_dir/f", "a")]);
        tree(&b, &[("python/x.py", "b"), ("was_file/now_dir", "b"), ("was_dir", "b")]);
        merge(&[a.clone(), b], &target).expect("layers can be merged");
        let table = [("python/x.py", "b"), ("python/only_a.py", "a"), ("was_file/now_dir", "b"), ("was_dir", "b")];
        for (path, text) in table {
            assert_eq!(fs::read_to_string(target.join(path)).expect(path), text);
        }
        assert_eq!(fs::read_to_string(a.join("python/x.py")).expect("unchanged"), "a");
    }
}
