//! The folder that is shown at `/opt`.

use crate::process::blocking;
use crate::tree_copy::{self, copy_over};
use crate::{Error, FunctionSpec, Options};
use sha2::{Digest, Sha256};
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
    tree_copy::once(target, |partial| layers.iter().try_for_each(|layer| copy_over(layer, partial)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
