//! Every bound of this service, with the AWS quota that it mirrors.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>

/// The largest request body, in bytes (10 MB).
pub const PAYLOAD_BYTES_MAX: usize = 10 * 1024 * 1024;

/// How long an integration may take, in milliseconds, unless it says less.
pub const INTEGRATION_TIMEOUT_MS: u32 = 30_000;

/// How long an authorizer's function may take, in milliseconds.
pub const AUTHORIZER_TIMEOUT_MS: u32 = 10_000;

/// The longest access-log format, in bytes (3 KB).
pub const LOG_FORMAT_BYTES_MAX: usize = 3 * 1024;

/// The longest line of an access log, in bytes; CloudWatch Logs takes no longer event.
pub const LOG_LINE_BYTES_MAX: usize = 256 * 1024;

/// APIs of one account in one region.
pub const APIS_MAX: usize = 600;

/// Routes of one API.
pub const ROUTES_MAX: usize = 300;

/// Integrations of one API.
pub const INTEGRATIONS_MAX: usize = 300;

/// Stages of one API.
pub const STAGES_MAX: usize = 10;

/// Authorizers of one API.
pub const AUTHORIZERS_MAX: usize = 10;

/// Tags of one API or stage.
pub const TAGS_MAX: usize = 50;

/// Automatic deployments that are kept although no stage serves them. AWS keeps more; here the oldest go.
pub const IDLE_AUTO_DEPLOYMENTS_MAX: usize = 20;

/// Segments of a route's path.
pub const PATH_SEGMENTS_MAX: usize = 64;

/// Results per page where the caller names no number, and the most that it may ask for.
pub const PAGE_MAX: usize = 500;

/// Cached answers of one authorizer; when full, those that have expired go, or else all.
pub const AUTHORIZER_CACHE_MAX: usize = 10_000;
