//! Signing keys: a secret, narrowed down to a day, a region and a service.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signing-key>

use super::{Scope, limits};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use tidegate_types::hex_digits;

/// A derived signing key, ready to sign: what an HMAC makes of its key alone is made once.
#[derive(Clone)]
pub(crate) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Derives it: four rounds of HMAC.
    pub(crate) fn derive(secret: &str, scope: &Scope<'_>) -> SigningKey {
        let date = hmac(format!("AWS4{secret}").as_bytes(), scope.date.as_bytes());
        let region = hmac(&date, scope.region.as_bytes());
        let service = hmac(&region, scope.service.as_bytes());
        SigningKey(keyed(&hmac(&service, b"aws4_request")))
    }

    /// The signature of a text that is given in pieces.
    pub(crate) fn sign(&self, pieces: &[&str]) -> HexDigest {
        let mut mac = self.0.clone();
        pieces.iter().for_each(|piece| mac.update(piece.as_bytes()));
        HexDigest::of(&mac.finalize().into_bytes().into())
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256_hex(bytes: &[u8]) -> HexDigest {
    HexDigest::of(&Sha256::digest(bytes).into())
}

/// 32 bytes as 64 lower-case hex digits; every request needs three of them, so they take no memory of their own.
#[derive(Clone, Copy)]
pub(crate) struct HexDigest([u8; 64]);

impl HexDigest {
    fn of(bytes: &[u8; 32]) -> HexDigest {
        let mut digits = [0; 64];
        digits.chunks_exact_mut(2).zip(bytes).for_each(|(pair, byte)| pair.copy_from_slice(&hex_digits(*byte)));
        HexDigest(digits)
    }
}

impl Deref for HexDigest {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hex digits are ASCII")
    }
}

impl fmt::Display for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// Signing keys that were derived before, by secret: at most 512 secrets with 64 scopes each.
#[derive(Default)]
pub struct Keys(RwLock<HashMap<Arc<str>, Scopes>>);

type Scopes = Vec<(Scope<'static>, SigningKey)>;

impl Keys {
    /// The key of a secret for a scope, derived only the first time.
    pub(crate) fn key(&self, secret: &Arc<str>, scope: &Scope<'_>) -> SigningKey {
        if let Some(known) = self.known(secret, scope) {
            return known;
        }
        let derived = SigningKey::derive(secret, scope);
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Scopes change daily and temporary keys hourly: throwing all away now and then costs less than an order.
        if keys.len() >= limits::SECRETS_MAX {
            keys.clear();
        }
        let scopes = keys.entry(secret.clone()).or_default();
        if scopes.len() >= limits::SCOPES_MAX {
            scopes.clear();
        }
        scopes.push((scope.clone().into_owned(), derived.clone()));
        derived
    }

    fn known(&self, secret: &str, scope: &Scope<'_>) -> Option<SigningKey> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(secret)?.iter().find(|(known, _)| known == scope).map(|(_, key)| key.clone())
    }
}
