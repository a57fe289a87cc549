//! The folders that archives are extracted to. They outlive the server, so that its functions start as fast after a
//! restart; but what a disk has made of them meanwhile is looked at before the first use in each run, and what is not as
//! it was extracted is extracted again. The archive itself is checked against its name whenever it is read.

use crate::Error;
use crate::limits::UNZIPPED_BYTES_MAX;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tidegate_sandbox::archive;
use tidegate_sandbox::seal::Seal;
use tidegate_store::BlobId;
use tidegate_types::Ids;

/// What follows a folder's name in that of its seal.
const SEAL: &str = ".seal";

/// Whether a folder is known to be whole in this run; held while that is found out.
type Known = Arc<Mutex<bool>>;

/// Folders by the name of their archive.
pub(super) struct Folders {
    dir: PathBuf,
    ids: Arc<dyn Ids>,
    known: Mutex<HashMap<String, Known>>,
    /// Folders without a reference, and since when.
    unused: Mutex<HashMap<String, u64>>,
}

impl Folders {
    /// Folders below `dir`, which is made if it is missing.
    pub fn new(dir: PathBuf, ids: Arc<dyn Ids>) -> Result<Folders, Error> {
        fs::create_dir_all(&dir).map_err(failed)?;
        Ok(Folders { dir, ids, known: Mutex::default(), unused: Mutex::default() })
    }

    /// Extracts an archive that was just given; the bytes of what is in it.
    pub fn put(&self, blob: &BlobId, zip: &[u8]) -> Result<u64, Error> {
        let known = self.in_use(blob);
        let (fresh, bytes) = self.extract(zip)?;
        let mut whole = lock(&known);
        if *whole && self.folder(blob).is_dir() {
            fs::remove_dir_all(fresh).map_err(failed)?;
        } else {
            self.place(&fresh, blob).map_err(failed)?;
            *whole = true;
        }
        Ok(bytes)
    }

    /// The folder of an archive, made of `zip` if there is none that is as it was.
    pub fn get(&self, blob: &BlobId, zip: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<PathBuf, Error> {
        let (known, folder) = (self.in_use(blob), self.folder(blob));
        let mut whole = lock(&known);
        if !(*whole && folder.is_dir() || self.is_sealed(blob)) {
            let (fresh, _) = self.extract(&zip()?)?;
            self.place(&fresh, blob).map_err(failed)?;
        }
        *whole = true;
        Ok(folder)
    }

    /// Removes the folders that nothing has referred to for this long.
    pub fn remove_unreferenced(&self, referenced: &HashSet<BlobId>, now_ms: u64, after_ms: u64) -> Result<(), Error> {
        let mut unused = lock(&self.unused);
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.strip_suffix(SEAL).unwrap_or(&name).parse().is_ok_and(|blob| referenced.contains(&blob)) {
                unused.remove(&name);
            } else if *unused.entry(name.clone()).or_insert(now_ms) + after_ms <= now_ms {
                remove(&entry.path()).map_err(failed)?;
                unused.remove(&name);
                lock(&self.known).remove(&name);
            }
        }
        Ok(())
    }

    fn folder(&self, blob: &BlobId) -> PathBuf {
        self.dir.join(blob.as_str())
    }

    fn seal(&self, blob: &BlobId) -> PathBuf {
        self.dir.join(format!("{}{SEAL}", blob.as_str()))
    }

    /// Somebody needs this archive's folder.
    fn in_use(&self, blob: &BlobId) -> Known {
        let mut unused = lock(&self.unused);
        unused.remove(blob.as_str());
        unused.remove(&format!("{}{SEAL}", blob.as_str()));
        lock(&self.known).entry(blob.as_str().to_owned()).or_default().clone()
    }

    /// Whether the folder is as it was extracted, by an earlier run for example.
    fn is_sealed(&self, blob: &BlobId) -> bool {
        let folder = self.folder(blob);
        if !folder.is_dir() {
            return false;
        }
        let found = Seal::read(&self.seal(blob)).and_then(|seal| {
            let Some(seal) = seal else { return Ok(Some("its seal".to_owned())) };
            Ok(seal.difference(&Seal::of(&folder, |_| false)?))
        });
        match found {
            Ok(None) => true,
            Ok(Some(path)) => {
                tracing::warn!(folder = %folder.display(), path, "extracted code is damaged; it is extracted again");
                false
            }
            Err(why) => {
                tracing::warn!(folder = %folder.display(), %why, "extracted code cannot be read; it is extracted again");
                false
            }
        }
    }

    /// Extracts into a fresh folder; gives it and the bytes of what is in it.
    fn extract(&self, zip: &[u8]) -> Result<(PathBuf, u64), Error> {
        let fresh = self.dir.join(format!("new-{}", self.ids.hex(8)));
        fs::create_dir_all(&fresh).map_err(failed)?;
        let limits = archive::Limits { bytes_max: UNZIPPED_BYTES_MAX, ..archive::Limits::default() };
        match archive::extract(zip, &fresh, &limits) {
            Ok(extracted) => Ok((fresh, extracted.bytes)),
            Err(why) => {
                fs::remove_dir_all(&fresh).map_err(failed)?;
                Err(refusal(why))
            }
        }
    }

    /// Puts a fresh folder in the place of an archive's, which nobody uses yet in this run, and seals it. Whatever
    /// happens on the way: a folder without its seal is not believed.
    fn place(&self, fresh: &Path, blob: &BlobId) -> io::Result<()> {
        let (folder, seal) = (self.folder(blob), self.seal(blob));
        for old in [&seal, &folder] {
            if fs::symlink_metadata(old).is_ok() {
                remove(old)?;
            }
        }
        fs::rename(fresh, &folder)?;
        Seal::of(&folder, |_| false)?.write(&seal)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these is changed in single steps: a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes a folder with all that is in it, or a file.
fn remove(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

fn failed(error: io::Error) -> Error {
    Error::Io(error.to_string())
}

fn refusal(error: archive::Error) -> Error {
    match error {
        archive::Error::TooLarge(_) | archive::Error::Ratio(_) => Error::UnzippedTooLarge,
        archive::Error::Io(why) => Error::Io(why.to_string()),
        why => {
            tracing::warn!("a code archive was refused: {why}");
            Error::BadZip
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::house::zip;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use std::os::unix::fs::PermissionsExt;
    use tidegate_types::RandomIds;

    const FILES: [(&str, &str); 2] = [("index.js", "exports.handler = async () => 41"), ("lib/a.js", "")];

    fn folders(dir: &Path) -> Folders {
        Folders::new(dir.join("code"), Arc::new(RandomIds)).expect("the folder can be made")
    }

    fn never() -> Result<Vec<u8>, Error> {
        panic!("the archive is not needed")
    }

    /// A folder that an earlier run has left; the archive and its name.
    fn left() -> (tempfile::TempDir, Vec<u8>, BlobId) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let archive = STANDARD.decode(zip(&FILES)).expect("base64");
        let blob = BlobId::of(&archive);
        let bytes = folders(dir.path()).put(&blob, &archive).expect("it can be extracted");
        assert_eq!(bytes, FILES.iter().map(|(_, text)| text.len() as u64).sum::<u64>());
        (dir, archive, blob)
    }

    #[test]
    fn what_is_whole_is_taken_over_by_the_next_run() {
        let (dir, _, blob) = left();
        let folder = folders(dir.path()).get(&blob, never).expect("it is there");
        assert_eq!(fs::read_to_string(folder.join("index.js")).expect("it is there"), FILES[0].1);
    }

    #[test]
    fn what_was_changed_since_the_last_run_is_extracted_again() {
        type Change = fn(&Path, &Path) -> io::Result<()>;
        let table: [(&str, Change); 7] = [
            ("a bit", |folder, _| fs::write(folder.join("index.js"), "exports.handler = async () => 40")),
            ("a size", |folder, _| fs::write(folder.join("lib/a.js"), "1")),
            ("a mode", |folder, _| fs::set_permissions(folder.join("index.js"), fs::Permissions::from_mode(0o0))),
            ("a file less", |folder, _| fs::remove_file(folder.join("lib/a.js"))),
            ("a file more", |folder, _| fs::write(folder.join("package.json"), r#"{"type":"module"}"#)),
            ("no seal", |_, seal| fs::remove_file(seal)),
            ("another seal", |_, seal| fs::write(seal, "tidegate seal 1 00000000\n")),
        ];
        for (what, change) in table {
            let (dir, archive, blob) = left();
            let next = folders(dir.path());
            change(&next.folder(&blob), &next.seal(&blob)).expect(what);
            let folder = next.get(&blob, || Ok(archive)).expect(what);
            for (path, text) in FILES {
                assert_eq!(fs::read_to_string(folder.join(path)).expect(what), text, "{what}");
            }
            assert!(!folder.join("package.json").exists(), "{what}");
            next.get(&blob, never).expect("it is known to be whole now");
            folders(dir.path()).get(&blob, never).expect("the next run finds it whole");
        }
    }

    #[test]
    fn damage_without_an_archive_is_an_error() {
        let (dir, _, blob) = left();
        let next = folders(dir.path());
        fs::write(next.folder(&blob).join("index.js"), "").expect("it can be written");
        let refused = next.get(&blob, || Err(Error::Io("the archive is gone".into())));
        assert!(matches!(refused, Err(Error::Io(why)) if why.contains("is gone")));
    }

    #[test]
    fn what_nothing_refers_to_goes_with_its_seal() {
        let (dir, archive, blob) = left();
        let next = folders(dir.path());
        next.remove_unreferenced(&HashSet::from([blob.clone()]), 0, 0).expect("the folder can be read");
        next.get(&blob, never).expect("it is there");
        next.remove_unreferenced(&HashSet::new(), 0, 0).expect("the folder can be read");
        assert_eq!(fs::read_dir(dir.path().join("code")).expect("a folder").count(), 0);
        next.get(&blob, || Ok(archive)).expect("it is extracted again");
    }
}
