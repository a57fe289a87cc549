//! Signing keys: a secret, narrowed down to a day, a region and a service.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signing-key>

use super::{Scope, limits};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tidegate_types::hex;

/// A derived signing key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SigningKey([u8; 32]);

impl SigningKey {
    /// Derives it: four rounds of HMAC.
    pub(crate) fn derive(secret: &str, scope: &Scope) -> SigningKey {
        let date = hmac(format!("AWS4{secret}").as_bytes(), scope.date.as_bytes());
        let region = hmac(&date, scope.region.as_bytes());
        let service = hmac(&region, scope.service.as_bytes());
        SigningKey(hmac(&service, b"aws4_request"))
    }

    /// The signature of a text, as 64 hex digits.
    pub(crate) fn sign(&self, text: &str) -> String {
        hex(&hmac(&self.0, text.as_bytes()))
    }
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// The SHA-256 of some bytes, as 64 hex digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Signing keys that were derived before, by secret: at most 512 secrets with 64 scopes each.
#[derive(Default)]
pub struct Keys(RwLock<HashMap<Arc<str>, Scopes>>);

type Scopes = Vec<(Scope, SigningKey)>;

impl Keys {
    /// The key of a secret for a scope, derived only the first time.
    pub(crate) fn key(&self, secret: &Arc<str>, scope: &Scope) -> SigningKey {
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
        scopes.push((scope.clone(), derived));
        derived
    }

    fn known(&self, secret: &str, scope: &Scope) -> Option<SigningKey> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(secret)?.iter().find(|(known, _)| known == scope).map(|(_, key)| *key)
    }
}
