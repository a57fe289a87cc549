//! How much a signed request may hold.

/// Secrets whose derived signing keys are kept.
pub(super) const SECRETS_MAX: usize = 512;

/// Derived signing keys of one secret that are kept: one for each day, region and service in use.
pub(super) const SCOPES_MAX: usize = 64;

/// The longest life of a presigned URL: seven days, in seconds.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
pub(super) const EXPIRES_S_MAX: u64 = 604_800;

/// Bytes of one signed chunk, held until its signature is checked. SDKs send 64 KiB to 1 MiB.
pub(super) const CHUNK_SIZE_MAX: usize = 16 * 1024 * 1024;

/// Bytes of a chunk's head line or of a trailer line.
pub(super) const LINE_SIZE_MAX: usize = 1024;

/// Trailer lines of one body; SDKs send a checksum and a signature.
pub(super) const TRAILERS_MAX: usize = 16;
