//! Why a request is not believed, and how each family of services says so.

use std::fmt;

/// How a family of services tells its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// IAM, STS, SNS, CloudFormation …
    Query,
    /// JSON 1.0 and 1.1: DynamoDB, Logs …
    Json,
    /// Lambda, API Gateway …
    RestJson,
    /// S3.
    S3,
}

/// What the client reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The error code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The sentence.
    pub message: String,
}

/// Why a request is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Nothing is signed at all.
    MissingAuthenticationToken,
    /// The `Authorization` header lacks something; the sentences say what.
    IncompleteSignature(String),
    /// The presigned query lacks something or has it malformed.
    IncompleteQuery(String),
    /// Not `AWS4-HMAC-SHA256`.
    UnsupportedAlgorithm(String),
    /// Header and query are both signed, or there are two `Authorization` headers.
    SeveralMechanisms,
    /// The scope is of another service, region, day or form; the sentence says which.
    WrongScope(String),
    /// `host` is not among the signed headers.
    HostNotSigned,
    /// `x-amz-` headers that the signature does not cover.
    HeadersNotSigned(Vec<String>),
    /// The client's clock is wrong, or the request is old.
    Skewed {
        /// The request's time, `20261121T093000Z`.
        at: String,
        /// The earliest or latest time that is taken.
        limit: String,
        /// The server's time.
        now: String,
        /// Minutes between the last two.
        window_min: u64,
        /// Whether the request lies in the future.
        early: bool,
    },
    /// A presigned URL is over.
    Expired {
        /// When it ended.
        at: String,
        /// The server's time.
        now: String,
    },
    /// There is no such access key, or it is inactive.
    InvalidClientToken,
    /// The session token is missing, damaged, or of another key.
    InvalidToken,
    /// The session is over.
    ExpiredToken,
    /// The signature is another one.
    SignatureMismatch {
        /// The canonical request as the server has it.
        canonical_request: String,
        /// The text that should have been signed.
        string_to_sign: String,
    },
    /// S3: `x-amz-content-sha256` is missing.
    MissingContentHash,
    /// S3: `x-amz-content-sha256` is neither a hash nor a known word.
    InvalidContentHash,
    /// The body is not the one whose hash was signed.
    PayloadMismatch,
    /// An `aws-chunked` body that is malformed or ends early.
    IncompleteBody,
    /// The signature of a chunk or of the trailers is another one.
    ChunkSignatureMismatch,
    /// A chunk or a line is larger than is taken.
    ChunkTooLarge,
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                        Secret Access Key and signing method. Consult the service documentation for details.";

impl Error {
    /// The error as a service of this family answers it. Measured codes: IAM and STS say `InvalidClientTokenId` with
    /// 403 where DynamoDB says `UnrecognizedClientException` with 400 and Lambda the same with 403.
    pub fn answer(&self, dialect: Dialect) -> Answer {
        let (code, status) = match dialect {
            Dialect::Query => self.query_code(),
            Dialect::Json => (self.json_code(), 400),
            Dialect::RestJson => (self.json_code(), 403),
            Dialect::S3 => self.s3_code(),
        };
        let message = if dialect == Dialect::S3 { self.s3_message() } else { self.to_string() };
        Answer { code, status, message }
    }

    fn query_code(&self) -> (&'static str, u16) {
        match self {
            Error::MissingAuthenticationToken => ("MissingAuthenticationToken", 403),
            Error::InvalidClientToken | Error::InvalidToken => ("InvalidClientTokenId", 403),
            Error::ExpiredToken => ("ExpiredToken", 403),
            Error::SignatureMismatch { .. }
            | Error::WrongScope(_)
            | Error::HostNotSigned
            | Error::HeadersNotSigned(_)
            | Error::Skewed { .. }
            | Error::Expired { .. }
            | Error::PayloadMismatch
            | Error::ChunkSignatureMismatch => ("SignatureDoesNotMatch", 403),
            _ => ("IncompleteSignature", 400),
        }
    }

    fn json_code(&self) -> &'static str {
        match self.query_code().0 {
            "MissingAuthenticationToken" => "MissingAuthenticationTokenException",
            "InvalidClientTokenId" => "UnrecognizedClientException",
            "ExpiredToken" => "ExpiredTokenException",
            "SignatureDoesNotMatch" => "InvalidSignatureException",
            _ => "IncompleteSignatureException",
        }
    }

    fn s3_code(&self) -> (&'static str, u16) {
        match self {
            Error::MissingAuthenticationToken | Error::HeadersNotSigned(_) | Error::Expired { .. } => {
                ("AccessDenied", 403)
            }
            Error::IncompleteSignature(_) | Error::WrongScope(_) | Error::HostNotSigned => {
                ("AuthorizationHeaderMalformed", 400)
            }
            Error::IncompleteQuery(_) => ("AuthorizationQueryParametersError", 400),
            Error::UnsupportedAlgorithm(_) | Error::MissingContentHash => ("InvalidRequest", 400),
            Error::SeveralMechanisms | Error::InvalidContentHash => ("InvalidArgument", 400),
            Error::Skewed { .. } => ("RequestTimeTooSkewed", 403),
            Error::InvalidClientToken => ("InvalidAccessKeyId", 403),
            Error::InvalidToken => ("InvalidToken", 400),
            Error::ExpiredToken => ("ExpiredToken", 400),
            Error::SignatureMismatch { .. } | Error::ChunkSignatureMismatch => ("SignatureDoesNotMatch", 403),
            Error::PayloadMismatch => ("XAmzContentSHA256Mismatch", 400),
            Error::IncompleteBody => ("IncompleteBody", 400),
            Error::ChunkTooLarge => ("EntityTooLarge", 400),
        }
    }

    fn s3_message(&self) -> String {
        let text = match self {
            Error::MissingAuthenticationToken => "Access Denied",
            Error::HeadersNotSigned(_) => "There were headers present in the request which were not signed",
            Error::Expired { .. } => "Request has expired",
            Error::Skewed { .. } => "The difference between the request time and the current time is too large.",
            Error::InvalidClientToken => "The AWS Access Key Id you provided does not exist in our records.",
            Error::InvalidToken => "The provided token is malformed or otherwise invalid.",
            Error::ExpiredToken => "The provided token has expired.",
            Error::UnsupportedAlgorithm(_) => {
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            }
            Error::SignatureMismatch { .. } | Error::ChunkSignatureMismatch => {
                "The request signature we calculated does not match the signature you provided. Check your key and signing method."
            }
            Error::IncompleteSignature(why) | Error::WrongScope(why) => {
                return format!("The authorization header is malformed; {why}");
            }
            _ => return self.to_string(),
        };
        text.to_owned()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::IncompleteSignature(why) | Error::IncompleteQuery(why) | Error::WrongScope(why) => f.write_str(why),
            Error::UnsupportedAlgorithm(name) => write!(f, "Unsupported AWS 'algorithm': '{name}'."),
            Error::HeadersNotSigned(names) => {
                write!(f, "There were headers present in the request which were not signed: {}", names.join(", "))
            }
            Error::Skewed { at, limit, now, window_min, early: false } => {
                write!(f, "Signature expired: {at} is now earlier than {limit} ({now} - {window_min} min.)")
            }
            Error::Skewed { at, limit, now, window_min, early: true } => {
                write!(f, "Signature not yet current: {at} is still later than {limit} ({now} + {window_min} min.)")
            }
            Error::Expired { at, now } => write!(f, "Signature expired: {at} is now earlier than {now}"),
            Error::SignatureMismatch { canonical_request, string_to_sign } => write!(
                f,
                "{MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical_request}'\n\nThe \
                 String-to-Sign should have been\n'{string_to_sign}'\n"
            ),
            plain => f.write_str(plain.sentence()),
        }
    }
}

impl Error {
    fn sentence(&self) -> &'static str {
        match self {
            Error::MissingAuthenticationToken => "Request is missing Authentication Token",
            Error::SeveralMechanisms => {
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                 parameter or the Authorization header should be specified"
            }
            Error::HostNotSigned => "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            Error::InvalidClientToken | Error::InvalidToken => "The security token included in the request is invalid.",
            Error::ExpiredToken => "The security token included in the request is expired",
            Error::MissingContentHash => "Missing required header for this request: x-amz-content-sha256",
            Error::InvalidContentHash => {
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value."
            }
            Error::PayloadMismatch => "The provided 'x-amz-content-sha256' header does not match what was computed.",
            Error::IncompleteBody => "The request body terminated unexpectedly",
            Error::ChunkTooLarge => "A chunk of the request body exceeds the maximum size",
            _ => MISMATCH,
        }
    }
}

impl std::error::Error for Error {}
