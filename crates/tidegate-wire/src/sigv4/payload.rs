//! How the body of a request is covered by its signature.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>

use super::key::sha256_hex;
use super::{Encoding, Error, Form, Request};

/// What the signature says of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// The body was at hand and is the one that was signed.
    Checked,
    /// S3: the body must have this SHA-256, in hex. See [`Payload::check`].
    Sha256(String),
    /// S3: the body is not covered.
    Unsigned,
    /// S3: `aws-chunked`, each chunk signed; see [`super::Chunks`].
    SignedChunks {
        /// Whether signed trailers follow.
        trailers: bool,
    },
    /// S3: `aws-chunked`, not covered, with a checksum behind it.
    UnsignedChunks,
}

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

impl Payload {
    /// What a request says of its body, and what stands for it in the canonical request where that is not its hash.
    pub(super) fn read<'a>(
        request: &Request<'a>,
        encoding: Encoding,
        form: Form,
    ) -> Result<(Payload, Option<&'a str>), Error> {
        if encoding == Encoding::Twice {
            return Ok((Payload::Checked, None));
        }
        let header = request.headers.get("x-amz-content-sha256").map(|value| value.to_str().unwrap_or_default());
        match (header, form) {
            (Some(word), _) => Payload::from_word(word).map(|payload| (payload, Some(word))),
            (None, Form::Query { .. }) => Ok((Payload::Unsigned, Some(UNSIGNED))),
            (None, Form::Header) => Err(Error::MissingContentHash),
        }
    }

    fn from_word(word: &str) -> Result<Payload, Error> {
        match word {
            UNSIGNED => Ok(Payload::Unsigned),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Ok(Payload::UnsignedChunks),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Ok(Payload::SignedChunks { trailers: false }),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Ok(Payload::SignedChunks { trailers: true }),
            hash if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Ok(Payload::Sha256(hash.to_ascii_lowercase()))
            }
            other if other.starts_with("STREAMING-AWS4-ECDSA-P256-SHA256") => {
                Err(Error::UnsupportedAlgorithm("AWS4-ECDSA-P256-SHA256".to_owned()))
            }
            _ => Err(Error::InvalidContentHash),
        }
    }

    /// Compares a body with the hash that was signed; the other kinds have nothing to compare.
    ///
    /// # Errors
    /// `PayloadMismatch`.
    pub fn check(&self, body: &[u8]) -> Result<(), Error> {
        match self {
            Payload::Sha256(hash) if **hash != *sha256_hex(body) => Err(Error::PayloadMismatch),
            _ => Ok(()),
        }
    }
}
