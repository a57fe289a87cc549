//! The edge's limits, each with what it mirrors.

use std::time::Duration;

/// How long a client may take for a request's head; a connection without a request for so long is closed.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The same for a function's connection, which may wait while its environment is frozen.
pub const FUNCTION_HEAD_TIMEOUT: Duration = Duration::from_secs(300);
/// The same once something has passed through the connection that another server sends.
pub const PASSING_IDLE_TIMEOUT: Duration = Duration::from_secs(300);
/// How long a client may take between two pieces of a body.
pub const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// A body slower than this many bytes a second, after a grace of [`BODY_GRACE`], is given up.
pub const BODY_RATE_MIN: u64 = 1024;
/// How long a body may take before its rate counts.
pub const BODY_GRACE: Duration = Duration::from_secs(30);
/// Bytes of a request's head that are read at most. Headers are 100 at most: the HTTP library's own limit.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Request line and headers of a request to an API: API Gateway's quota.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const API_HEAD_BYTES_MAX: usize = 10_240;
/// Body of a request to an API: API Gateway's quota.
pub const API_BODY_MAX: usize = 10 * 1024 * 1024;
/// Body of a control-plane request: Lambda's `CreateFunction` is the largest.
pub const CONTROL_BODY_MAX: usize = 70_167_211;
/// Body of a control-plane request to any other service: DynamoDB's batches, 16 MiB, are the largest.
pub const SERVICE_BODY_MAX: usize = 16 * 1024 * 1024;
/// Bytes by which a body may exceed these, for its service to say what of it is too large.
pub const BODY_MARGIN: usize = 64 * 1024;
/// How long a connection that the server ends waits for its client to end it, too: RFC 9112 §9.6.
pub const LINGER_TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes that are read meanwhile at most.
pub const LINGER_BYTES_MAX: usize = 1024 * 1024;
/// Names for which a TLS certificate is kept.
pub const TLS_NAMES_MAX: usize = 1024;
/// Connections served at once; more wait in the kernel's queue.
pub const CONNECTIONS_MAX: usize = 16_384;
/// Connections from which on answers of one moment leave together.
pub const CROWD_MIN: usize = 8;
/// Streams at once on one HTTP/2 connection.
pub const H2_STREAMS_MAX: u32 = 250;
/// How long requests in flight may take when the server stops.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a tunnel waits for the other host to answer.
pub const TUNNEL_CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
