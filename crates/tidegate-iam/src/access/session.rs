//! Temporary credentials. A session token is sealed and holds all that is known of its session, so that giving one costs
//! no write, and tokens outlive a restart as long as the installation's key does.

use crate::Error;
use crate::state::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tidegate_core::Principal;
use tidegate_core::ports::SessionCredentials;
use tidegate_types::Timestamp;

/// The first byte of every token: its form.
const FORM: u8 = 1;
const NONCE_SIZE: usize = 12;

/// A session that is to be opened.
pub(crate) struct NewSession {
    /// Who it is; the key is filled in.
    pub(crate) principal: Principal,
    /// How long it lasts, in seconds.
    pub(crate) duration_s: u32,
}

/// What a token holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) principal: Principal,
    pub(crate) secret: String,
    pub(crate) expires: Timestamp,
}

const SECRET_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A secret access key: 40 characters.
pub(crate) fn new_secret(state: &State) -> String {
    state.ids.draw(SECRET_ALPHABET, 40)
}

impl NewSession {
    /// Gives its credentials.
    pub(crate) fn open(self, state: &State) -> Result<SessionCredentials, Error> {
        let NewSession { mut principal, duration_s } = self;
        principal.access_key_id = format!("ASIA{}", state.ids.upper_alphanumeric(16)).into();
        let expires = Timestamp::from_ms((state.clock.now_ms() / 1000 + u64::from(duration_s)) * 1000);
        let session = Session { principal, secret: new_secret(state), expires };
        let session_token = session.seal(state)?;
        Ok(SessionCredentials {
            access_key_id: session.principal.access_key_id.to_string(),
            secret_access_key: session.secret,
            session_token,
            expiration: expires,
            principal: Arc::new(session.principal),
        })
    }
}

impl Session {
    fn seal(&self, state: &State) -> Result<String, Error> {
        let mut nonce = [0; NONCE_SIZE];
        state.ids.fill(&mut nonce);
        let mut bytes = serde_json::to_vec(self).map_err(|_| Error::Seal)?;
        key(state)
            .and_then(|key| key.seal_in_place_append_tag(nonce_of(nonce), Aad::from([FORM]), &mut bytes).ok())
            .ok_or(Error::Seal)?;
        Ok(STANDARD.encode([&[FORM][..], &nonce, &bytes].concat()))
    }

    /// Opens a token: whatever is not one, or of another installation, is no token.
    pub(crate) fn unseal(state: &State, token: &str) -> Option<Session> {
        let bytes = STANDARD.decode(token).ok()?;
        let (form, rest) = bytes.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_SIZE>().filter(|_| *form == FORM)?;
        let mut sealed = sealed.to_vec();
        let opened = key(state)?.open_in_place(nonce_of(*nonce), Aad::from([FORM]), &mut sealed).ok()?;
        serde_json::from_slice(opened).ok()
    }
}

fn key(state: &State) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, &state.installation.token_key).ok().map(LessSafeKey::new)
}

fn nonce_of(bytes: [u8; NONCE_SIZE]) -> Nonce {
    Nonce::assume_unique_for_key(bytes)
}
