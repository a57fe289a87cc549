//! The list of services, with what is needed to tell for which of them a request is meant.

use crate::{Service, table};
use std::sync::{LazyLock, OnceLock};

/// A way of writing requests and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `application/x-amz-json-1.0`.
    Json10,
    /// `application/x-amz-json-1.1`.
    Json11,
    /// Form-encoded requests with `Action` and `Version`, XML answers.
    Query,
    /// Method and path route; JSON bodies.
    RestJson,
    /// Method and path route; XML bodies.
    RestXml,
    /// Smithy RPC v2 with CBOR bodies.
    Cbor,
}

/// A service's traits.
#[derive(Debug, Default)]
pub struct Header {
    /// botocore's name of the service; ours too.
    pub name: &'static str,
    /// AWS' service id, such as `CloudWatch Logs`.
    pub id: &'static str,
    /// The API's version, a date.
    pub version: &'static str,
    /// First part of the service's host names.
    pub endpoint_prefix: &'static str,
    /// Name of the service in credential scopes.
    pub signing_name: &'static str,
    /// What stands before the dot in `X-Amz-Target`, and behind `/service/` in RPC v2 paths.
    pub target_prefix: Option<&'static str>,
    /// XML namespace of answers.
    pub namespace: Option<&'static str>,
    /// Errors also carry the code that the query protocol gave them (`x-amzn-query-error`).
    pub query_compatible: bool,
    /// The protocols that the service speaks, the preferred one first.
    pub protocols: Vec<Protocol>,
}

struct Entry {
    text: &'static str,
    header: Header,
    service: OnceLock<Service>,
}

macro_rules! tables {
    ($($name:literal)*) => { [$(include_str!(concat!("../data/", $name, ".tsv"))),*] };
}

// Kept in the order of `xtask model`'s list.
static TABLES: [&str; 19] = tables!(
    "apigateway" "apigatewayv2" "cloudformation" "cloudwatch" "cognito-idp" "dynamodb" "events" "iam" "kms" "lambda"
    "logs" "s3" "secretsmanager" "sns" "sqs" "ssm" "sts" "wafv2" "xray"
);

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entry = |text: &&'static str| Entry { text, header: table::header(text), service: OnceLock::new() };
    TABLES.iter().map(entry).collect()
});

impl Entry {
    fn service(&'static self) -> &'static Service {
        self.service.get_or_init(|| table::service(self.text))
    }
}

/// The service of this name (botocore's: `dynamodb`, `cloudwatch`, `cognito-idp`).
pub fn service(name: &str) -> Option<&'static Service> {
    ENTRIES.iter().find(|e| e.header.name == name).map(Entry::service)
}

/// The traits of every service we know, without decoding their tables.
pub fn headers() -> impl Iterator<Item = &'static Header> {
    ENTRIES.iter().map(|e| &e.header)
}

/// The services whose requests are signed under this name: `apigateway` stands for two.
pub fn services_signed_as(name: &str) -> Vec<&'static Service> {
    ENTRIES.iter().filter(|e| e.header.signing_name == name).map(Entry::service).collect()
}

/// The service with this prefix in `X-Amz-Target` or this name in an RPC v2 path.
pub fn service_by_rpc_name(prefix: &str) -> Option<&'static Service> {
    ENTRIES.iter().find(|e| e.header.target_prefix == Some(prefix)).map(Entry::service)
}

/// The query service of this API version that has the operation.
pub fn service_by_version(version: &str, operation: &str) -> Option<&'static Service> {
    let speaks = |e: &&Entry| e.header.version == version && e.header.protocols.contains(&Protocol::Query);
    ENTRIES.iter().filter(speaks).map(Entry::service).find(|s| s.operation(operation).is_some())
}
