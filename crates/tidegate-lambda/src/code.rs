//! Code packages: zip archives in the store, named by their SHA-256, and the folders that they are extracted to.

mod folders;

use crate::Error;
use crate::limits::{CODE_URL_S, ZIP_BYTES_MAX};
use base64::{Engine, engine::general_purpose::STANDARD};
use folders::Folders;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
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
    folders: Arc<Folders>,
    /// Signs the addresses under which archives can be fetched; another one in each run.
    secret: Arc<[u8; 32]>,
    url: Arc<str>,
}

impl Packages {
    /// Folders go below `dir`, which need not outlive the process; archives are fetched below `url`.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(store: Store, dir: PathBuf, ids: Arc<dyn Ids>, url: String) -> Result<Packages, Error> {
        let mut secret = [0; 32];
        ids.fill(&mut secret);
        let folders = Arc::new(Folders::new(dir, ids)?);
        Ok(Packages { store, folders, secret: Arc::new(secret), url: url.into() })
    }

    /// Removes the folders of archives that nothing has referred to for some time: environments of an earlier revision
    /// may still use one. At the start, when there are none, the time is 0.
    pub fn remove_unreferenced(&self, referenced: &HashSet<BlobId>, now_ms: u64, after_ms: u64) -> Result<(), Error> {
        self.folders.remove_unreferenced(referenced, now_ms, after_ms)
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
            let unzipped_bytes = packages.folders.put(&blob, &zip)?;
            packages.store.blobs().put(&zip)?;
            Ok(Package { blob, size_bytes: zip.len() as u64, unzipped_bytes })
        })
        .await
    }

    /// The folder with what is in a stored archive; extracted now if it is not there, or not as it was extracted.
    pub async fn folder(&self, blob: &BlobId) -> Result<PathBuf, Error> {
        let blob = blob.clone();
        self.blocking(move |packages| {
            packages.folders.get(&blob, || {
                let zip = packages.store.blobs().read(&blob)?;
                zip.ok_or_else(|| Error::Io(format!("the archive {} is gone", blob.as_str())))
            })
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Packages) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let packages = self.clone();
        let done = tokio::task::spawn_blocking(move || work(packages)).await;
        done.unwrap_or_else(|e| Err(Error::Io(e.to_string())))
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

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let plain = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    plain.then(|| (0..32).filter_map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).ok()).collect())
}
