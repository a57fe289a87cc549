//! Code packages: zip archives in the store, named by their SHA-256, and the folders that they are extracted to.

use crate::Error;
use crate::limits::{CODE_URL_S, UNZIPPED_BYTES_MAX, ZIP_BYTES_MAX};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tidegate_sandbox::archive;
use tidegate_store::{BlobId, Store};
use tidegate_types::Ids;

/// A stored archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Package {
    /// SHA-256 of the archive.
    pub blob: BlobId,
    /// Bytes of the archive.
    pub size_bytes: u64,
    /// Bytes of what is in it.
    pub unzipped_bytes: u64,
}

impl Package {
    /// `CodeSha256`: the archive's SHA-256 in base64.
    pub fn sha256(&self) -> String {
        let hex = self.blob.as_str();
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or_default();
        STANDARD.encode((0..hex.len() / 2).map(|n| digits(n * 2)).collect::<Vec<u8>>())
    }
}

/// Stores and extracts archives; cheap to clone.
#[derive(Clone)]
pub(crate) struct Packages {
    store: Store,
    dir: Arc<Path>,
    ids: Arc<dyn Ids>,
    /// Signs the addresses under which archives can be fetched; another one in each run.
    secret: Arc<[u8; 32]>,
    url: Arc<str>,
    /// Folders without a reference, and since when.
    unused: Arc<Mutex<HashMap<String, u64>>>,
}

impl Packages {
    /// Folders go below `dir`, which need not outlive the process; archives are fetched below `url`.
    ///
    /// # Errors
    /// If the folder cannot be made or emptied.
    pub fn new(store: Store, dir: PathBuf, ids: Arc<dyn Ids>, url: String) -> Result<Packages, Error> {
        let mut secret = [0; 32];
        ids.fill(&mut secret);
        start_folder(&dir).map_err(io)?;
        Ok(Packages { store, dir: dir.into(), ids, secret: Arc::new(secret), url: url.into(), unused: Arc::default() })
    }

    /// Removes the folders of archives that nothing has referred to for some time: environments of an earlier revision
    /// may still use one. At the start, when there are none, the time is 0.
    pub fn remove_unreferenced(&self, referenced: &HashSet<BlobId>, now_ms: u64, after_ms: u64) -> Result<(), Error> {
        let mut unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in std::fs::read_dir(&self.dir).map_err(io)? {
            let entry = entry.map_err(io)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name == BOOT || name.parse().is_ok_and(|blob| referenced.contains(&blob)) {
                unused.remove(&name);
            } else if *unused.entry(name.clone()).or_insert(now_ms) + after_ms <= now_ms {
                std::fs::remove_dir_all(entry.path()).map_err(io)?;
                unused.remove(&name);
            }
        }
        Ok(())
    }

    /// Somebody needs this archive's folder.
    fn in_use(&self, blob: &BlobId) {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner).remove(blob.as_str());
    }

    /// Checks and extracts an archive, then stores it.
    pub async fn add(&self, zip: Vec<u8>) -> Result<Package, Error> {
        match zip.len() {
            0 => return Err(Error::EmptyZip),
            size if size > ZIP_BYTES_MAX => return Err(Error::ZipTooLarge),
            _ => {}
        }
        self.blocking(move |packages| {
            let blob = BlobId::of(&zip);
            packages.in_use(&blob);
            let unzipped_bytes = packages.extract(&blob, &zip)?;
            packages.store.blobs().put(&zip)?;
            Ok(Package { blob, size_bytes: zip.len() as u64, unzipped_bytes })
        })
        .await
    }

    /// The folder with what is in a stored archive; extracted now if it is not there.
    pub async fn folder(&self, blob: &BlobId) -> Result<PathBuf, Error> {
        let folder = self.dir.join(blob.as_str());
        let (blob, wanted) = (blob.clone(), folder.clone());
        self.blocking(move |packages| {
            packages.in_use(&blob);
            if !wanted.is_dir() {
                let zip = packages.store.blobs().read(&blob)?;
                let zip = zip.ok_or_else(|| Error::Io(format!("the archive {} is gone", blob.as_str())))?;
                packages.extract(&blob, &zip)?;
            }
            Ok(())
        })
        .await?;
        Ok(folder)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Packages) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let packages = self.clone();
        let done = tokio::task::spawn_blocking(move || work(packages)).await;
        done.unwrap_or_else(|e| Err(Error::Io(e.to_string())))
    }

    /// Extracts into a fresh folder and renames it, so that a folder with the archive's name is always whole.
    fn extract(&self, blob: &BlobId, zip: &[u8]) -> Result<u64, Error> {
        let fresh = self.dir.join(format!("new-{}", self.ids.hex(8)));
        std::fs::create_dir_all(&fresh).map_err(io)?;
        let limits = archive::Limits { bytes_max: UNZIPPED_BYTES_MAX, ..archive::Limits::default() };
        let extracted = archive::extract(zip, &fresh, &limits).map_err(refusal);
        let folder = self.dir.join(blob.as_str());
        let renamed = match &extracted {
            // Somebody else may have been as far in the same moment; both folders are the same then.
            Ok(_) => std::fs::rename(&fresh, &folder).or_else(|e| if folder.is_dir() { Ok(()) } else { Err(e) }),
            Err(_) => Ok(()),
        };
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(io)?;
        }
        renamed.map_err(io)?;
        Ok(extracted?.bytes)
    }

    /// An address under which the archive can be fetched for some minutes.
    pub fn location(&self, package: &Package, now_ms: u64) -> String {
        let (blob, expires) = (package.blob.as_str(), now_ms / 1000 + CODE_URL_S);
        let signature: String =
            self.sign(blob, expires).finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
        format!("{}/{blob}?Expires={expires}&Signature={signature}", self.url)
    }

    /// The archive behind an address that [`Packages::location`] gave, unless it is too old.
    pub async fn fetch(&self, address: &str, now_ms: u64) -> Option<Vec<u8>> {
        let (path, query) = address.split_once('?')?;
        let blob = path.rsplit('/').next()?;
        let (expires, signature) = query.strip_prefix("Expires=")?.split_once("&Signature=")?;
        let expires: u64 = expires.parse().ok().filter(|at| *at >= now_ms / 1000)?;
        self.sign(blob, expires).verify_slice(&bytes_of(signature)?).ok()?;
        let blob: BlobId = blob.parse().ok()?;
        self.blocking(move |packages| Ok(packages.store.blobs().read(&blob)?)).await.ok()?
    }

    fn sign(&self, blob: &str, expires: u64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.secret).expect("HMAC takes keys of any length");
        mac.update(format!("{blob} {expires}").as_bytes());
        mac
    }
}

/// The file that names the system start in which the folders were written.
const BOOT: &str = "boot-id";

/// Makes the folder, and empties it if the system was started since it was written: extracted files are not synced, so
/// after a power failure they may be there without their bytes.
fn start_folder(dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    if !boot.is_empty() && std::fs::read_to_string(dir.join(BOOT)).is_ok_and(|written| written == boot) {
        return Ok(());
    }
    std::fs::remove_dir_all(dir)?;
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join(BOOT), boot)
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let plain = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    plain.then(|| (0..32).filter_map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).ok()).collect())
}

fn io(error: std::io::Error) -> Error {
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
