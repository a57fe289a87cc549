//! CA files for tools: what the system trusts, and Tidegate's own authority.

use std::io;
use std::path::{Path, PathBuf};

/// Where systems keep the CAs that they trust, in the order in which they are tried.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Two PEM files.
pub struct Bundle {
    /// Tidegate's authority alone, for tools that add it to their own.
    pub own: PathBuf,
    /// The system's CAs and Tidegate's, for tools that replace theirs.
    pub all: PathBuf,
}

/// Writes both files into `folder`.
pub fn write(folder: &Path, authority: &str) -> io::Result<Bundle> {
    let bundle = Bundle { own: folder.join("tidegate-ca.pem"), all: folder.join("ca-bundle.pem") };
    std::fs::write(&bundle.own, authority)?;
    std::fs::write(&bundle.all, system().unwrap_or_default() + "\n" + authority)?;
    Ok(bundle)
}

fn system() -> Option<String> {
    let named = std::env::var("SSL_CERT_FILE").ok();
    let paths = named.iter().map(String::as_str).chain(SYSTEM_BUNDLES);
    paths.into_iter().find_map(|path| std::fs::read_to_string(path).ok())
}
