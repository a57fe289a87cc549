//! Where services differ in what they take.

use super::Dialect;

/// How a path is written in the canonical request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// S3: encoded once, `.` and `//` kept, since keys may have them. The payload's hash stands in a header.
    Once,
    /// All others: normalized, and encoded a second time.
    Twice,
}

/// What one service asks of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules<'a> {
    /// The signing name that the scope must have.
    pub service: &'a str,
    /// The region that the scope must have; `None` takes any.
    pub region: Option<&'a str>,
    /// How far the client's clock may be off, in seconds.
    pub skew_s: u64,
    /// How the path is written.
    pub encoding: Encoding,
    /// How errors are told.
    pub dialect: Dialect,
}

impl<'a> Rules<'a> {
    /// The rules of a service by its signing name, with the dialect of the protocol that the client spoke.
    pub fn of(service: &'a str, dialect: Dialect) -> Rules<'a> {
        let s3 = matches!(service, "s3" | "s3-object-lambda" | "s3express");
        Rules {
            service,
            region: matches!(service, "iam" | "route53" | "cloudfront").then_some("us-east-1"),
            skew_s: if matches!(service, "kms" | "lambda" | "route53" | "monitoring") { 300 } else { 900 },
            encoding: if s3 { Encoding::Once } else { Encoding::Twice },
            dialect: if s3 { Dialect::S3 } else { dialect },
        }
    }
}
