//! TLS with a private certificate authority, made at the first start and kept in the data directory. Leaf certificates
//! are made when a name is first asked for, so that any of AWS' host names can be answered to those who trust the CA.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{host, limits};

/// The certificate authority and the leaf certificates it has signed so far.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    leaf_key: KeyPair,
    leaves: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}

impl Authority {
    /// Reads the authority from `directory` (`ca.pem`, `ca.key`), or makes it there; without a directory it lives as
    /// long as the process.
    pub fn open(directory: Option<&Path>) -> io::Result<Authority> {
        let key = match directory {
            Some(directory) => stored_key(&directory.join("ca.key"))?,
            None => KeyPair::generate().map_err(io::Error::other)?,
        };
        let stored = directory.map(|d| d.join("ca.pem")).filter(|path| path.exists());
        let pem = match &stored {
            Some(path) => fs::read_to_string(path)?,
            None => authority_params().self_signed(&key).map_err(io::Error::other)?.pem(),
        };
        if let (Some(directory), None) = (directory, stored) {
            fs::write(directory.join("ca.pem"), &pem)?;
        }
        Authority::from_parts(key, pem)
    }

    fn from_parts(key: KeyPair, pem: String) -> io::Result<Authority> {
        use rustls::pki_types::pem::PemObject;
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(io::Error::other)?;
        let issuer = Issuer::new(authority_params(), key);
        let leaf_key = KeyPair::generate().map_err(io::Error::other)?;
        Ok(Authority { issuer, certificate, pem, leaf_key, leaves: Mutex::default() })
    }

    /// The authority's certificate, for clients to trust.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificate for a name; made on first use.
    fn leaf(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut leaves = self.leaves.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(found) = leaves.get(name) {
            return Some(found.clone());
        }
        if leaves.len() >= limits::TLS_NAMES_MAX {
            leaves.clear();
        }
        let made = Arc::new(self.sign(name)?);
        leaves.insert(name.to_owned(), made.clone());
        Some(made)
    }

    fn sign(&self, name: &str) -> Option<CertifiedKey> {
        let mut params = CertificateParams::new(vec![name.to_owned()]).ok()?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&self.leaf_key, &self.issuer).ok()?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.leaf_key.serialize_der()));
        let chain = vec![leaf.der().clone(), self.certificate.clone()];
        Some(CertifiedKey::new(chain, any_supported_type(&key).ok()?))
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = host::name(hello.server_name().unwrap_or("localhost"));
        let ours = host::destination(&name, &[]) != host::Destination::Foreign || host::is_aws(&name);
        if ours { self.leaf(&name) } else { None }
    }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Tidegate local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    params
}

fn stored_key(path: &Path) -> io::Result<KeyPair> {
    if path.exists() {
        return KeyPair::from_pem(&fs::read_to_string(path)?).map_err(io::Error::other);
    }
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.serialize_pem().as_bytes())?;
    file.sync_all()?;
    Ok(key)
}

/// The TLS settings of every listener: HTTP/2 and HTTP/1.1 by ALPN.
pub fn server_config(authority: Arc<Authority>) -> Result<Arc<rustls::ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(authority);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
