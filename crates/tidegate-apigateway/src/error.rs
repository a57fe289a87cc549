//! The one place where this service's errors get their codes and texts.

use crate::tables::Kind;
use std::fmt;
use tidegate_core::{AwsError, InvalidToken};
use tidegate_types::AccountId;

/// Why an operation could not be done.
#[derive(Debug)]
pub enum Error {
    /// The account has no such API.
    NoSuchApi {
        /// The account.
        account: AccountId,
        /// The id that was given.
        api_id: String,
    },
    /// The API has no such part.
    NoSuch(Kind),
    /// The route has no such request parameter, the stage no such route settings.
    NoSuchEntry(&'static str),
    /// Another route has the key.
    RouteExists(String),
    /// Another stage has the name.
    StageExists,
    /// Another authorizer has the name.
    AuthorizerExists(String),
    /// Routes lead to the integration.
    IntegrationInUse,
    /// Routes ask the authorizer.
    AuthorizerInUse,
    /// Stages serve the deployment.
    DeploymentInUse,
    /// Quick create made it, so API Gateway itself keeps it.
    Managed(Kind),
    /// The text is no route key.
    RouteKeyFormat,
    /// A route's target is not `integrations/ID`.
    RouteTarget,
    /// A `CUSTOM` route without an authorizer.
    AuthorizerMissing,
    /// An authorizer on a route that asks none.
    AuthorizerUnused,
    /// A member that only WebSocket APIs have.
    NotForHttp(&'static str),
    /// HTTP APIs only have proxy integrations.
    OnlyProxyIntegrations,
    /// The integration's URI names no function.
    IntegrationArn,
    /// The timeout is out of range.
    IntegrationTimeout,
    /// Neither `1.0` nor `2.0`.
    PayloadFormatVersion,
    /// A parameter mapping that cannot be read.
    ParameterMapping(String),
    /// There is nothing to deploy.
    NoRoutes,
    /// A deployment was named for a stage that deploys by itself.
    DeploymentOfAutoDeploy,
    /// The text is no stage name.
    StageName,
    /// The name or value of a stage variable has characters that are not allowed.
    StageVariable(String),
    /// Settings for a route that the API does not have.
    RouteSettingsKey(String),
    /// A throttling limit below zero.
    ThrottlingLimit,
    /// HTTP APIs have no execution logs.
    ExecutionLogs,
    /// The access log's destination is no log group's ARN.
    LogDestination,
    /// There is no such log group.
    NoLogGroup(String),
    /// The access log's format is too long, has several lines, or does not name the request.
    LogFormat,
    /// An authorizer of a type that HTTP APIs do not have.
    AuthorizerType,
    /// The authorizer's URI names no function.
    AuthorizerUri,
    /// Neither `1.0` nor `2.0`.
    AuthorizerPayloadFormatVersion,
    /// Simple responses need the payload format 2.0.
    SimpleResponses,
    /// Caching needs something to tell callers apart by.
    CacheWithoutIdentity,
    /// The text is no identity source.
    IdentitySource(String),
    /// Any origin, and with credentials.
    CorsWildcardWithCredentials,
    /// No method.
    CorsMethod(String),
    /// No origin.
    CorsOrigin(String),
    /// No header name.
    CorsHeader(String),
    /// A text that is too short or too long.
    Length {
        /// The member.
        member: &'static str,
        /// At least so many characters.
        min: usize,
        /// At most so many.
        max: usize,
    },
    /// An expression that HTTP APIs cannot have.
    RouteSelectionExpression,
    /// Quick create without a target.
    QuickCreateTarget,
    /// A quick-create member for an API that was not made so.
    NotQuickCreate(&'static str),
    /// The ARN names nothing that has tags.
    TaggedArn(String),
    /// A tag key or value that is not allowed.
    Tag(String),
    /// The page's size is no number above zero.
    MaxResults,
    /// The token is not one that was given out.
    NextToken,
    /// A quota: what, and how many there may be.
    TooMany(&'static str, usize),
    /// What Tidegate does not offer.
    NotImplemented(&'static str),
    /// The store failed.
    Store(tidegate_store::Error),
    /// A task of ours ended early.
    Lost,
}

impl Kind {
    /// The word in "Invalid … identifier specified".
    fn word(self) -> &'static str {
        match self {
            Kind::Authorizer => "Authorizer",
            Kind::Deployment => "deployment",
            Kind::Integration => "Integration",
            Kind::Route => "Route",
            Kind::Stage => "stage",
        }
    }

    /// The word in ARNs and in sentences about quotas.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Authorizer => "authorizers",
            Kind::Deployment => "deployments",
            Kind::Integration => "integrations",
            Kind::Route => "routes",
            Kind::Stage => "stages",
        }
    }
}

impl Error {
    /// AWS' code and HTTP status.
    fn code(&self) -> (&'static str, u16) {
        match self {
            Error::NoSuchApi { .. } | Error::NoSuch(_) | Error::NoSuchEntry(_) => ("NotFoundException", 404),
            Error::RouteExists(_)
            | Error::StageExists
            | Error::AuthorizerExists(_)
            | Error::IntegrationInUse
            | Error::AuthorizerInUse
            | Error::Managed(_) => ("ConflictException", 409),
            Error::TooMany(..) => ("TooManyRequestsException", 429),
            Error::NotImplemented(_) => (AwsError::NOT_IMPLEMENTED, 501),
            Error::Store(_) | Error::Lost => (AwsError::INTERNAL_FAILURE, 500),
            _ => ("BadRequestException", 400),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoSuchApi { account, api_id } => write!(f, "Invalid API identifier specified {account}:{api_id}"),
            Error::NoSuch(kind) => write!(f, "Invalid {} identifier specified", kind.word()),
            Error::NoSuchEntry(what) => write!(f, "Invalid {what} specified"),
            Error::RouteExists(key) => write!(f, "Route with key {key} already exists for this API"),
            Error::AuthorizerExists(name) => write!(f, "Authorizer with name {name} already exists for this API"),
            Error::Managed(kind) => write!(f, "The {} is managed by API Gateway", kind.word().to_lowercase()),
            Error::NotForHttp(name) => write!(f, "{name} is not supported for protocolType HTTP"),
            Error::ParameterMapping(key) => write!(
                f,
                "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: {key}]"
            ),
            Error::Length { member, min, max } => {
                write!(f, "{member} must be between {min} and {max} characters long")
            }
            Error::StageVariable(name) => write!(f, "Invalid stage variable: {name}"),
            Error::RouteSettingsKey(key) => {
                write!(f, "Unable to find Route by key {key} within the provided RouteSettings")
            }
            Error::NoLogGroup(arn) => write!(f, "The log group does not exist: {arn}"),
            Error::IdentitySource(source) => write!(f, "Invalid identity source: {source}"),
            Error::CorsMethod(method) => write!(f, "Invalid CORS allowMethods value: {method}"),
            Error::CorsOrigin(origin) => write!(
                f,
                "Invalid format for origin {origin}. Origins should be in the form <scheme>://<host>[:<port>]"
            ),
            Error::CorsHeader(header) => write!(f, "Invalid CORS header name: {header}"),
            Error::NotQuickCreate(name) => {
                write!(f, "{name} can only be updated for APIs that were made with quick create")
            }
            Error::TaggedArn(arn) => write!(f, "Invalid resource identifier specified: {arn}"),
            Error::Tag(key) => write!(f, "Invalid tag: {key}"),
            Error::TooMany(what, count) => write!(f, "Maximum number of {what} reached: {count}"),
            Error::NotImplemented(what) => write!(f, "Tidegate does not offer {what} yet"),
            Error::Store(error) => write!(f, "{error}"),
            other => f.write_str(other.sentence()),
        }
    }
}

impl Error {
    /// The texts without a value in them.
    fn sentence(&self) -> &'static str {
        match self {
            Error::StageExists => "Stage already exists",
            Error::IntegrationInUse => "Cannot delete the integration: routes of this API refer to it",
            Error::AuthorizerInUse => "Cannot delete the authorizer: routes of this API refer to it",
            Error::DeploymentInUse => "Active stages pointing to this deployment must be moved or deleted",
            Error::RouteKeyFormat => {
                "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\""
            }
            Error::RouteTarget => "Invalid target specified. It should be \"integrations/<INTEGRATION ID>\"",
            Error::AuthorizerMissing => "AuthorizerId is required when the authorization type is CUSTOM",
            Error::AuthorizerUnused => "AuthorizerId is only allowed when the authorization type is CUSTOM or JWT",
            Error::OnlyProxyIntegrations => {
                "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)"
            }
            Error::IntegrationArn => "Invalid ARN specified in the request",
            Error::IntegrationTimeout => "Timeout should be between 50 ms and 30000 ms",
            Error::PayloadFormatVersion => "PayloadFormatVersion should be \"1.0\" or \"2.0\"",
            Error::NoRoutes => "Unable to deploy API because no routes exist in this API",
            Error::DeploymentOfAutoDeploy => "Deployment ID cannot be set on a stage that deploys automatically",
            Error::StageName => "Stage name only allows a-zA-Z0-9_- and $default",
            Error::ThrottlingLimit => "Throttling limits must not be negative",
            Error::ExecutionLogs => "Execution logs are not supported on protocolType HTTP",
            Error::LogDestination => {
                "Invalid ARN specified in the request. The destination must be a CloudWatch Logs log group"
            }
            Error::LogFormat => {
                "The access log format must be a single line of at most 3 KB that contains at least $context.requestId"
            }
            Error::AuthorizerType => "Authorizers of HTTP APIs have the type REQUEST or JWT",
            Error::AuthorizerUri => "Invalid Authorizer URI: a Lambda function's invoke ARN is required",
            Error::AuthorizerPayloadFormatVersion => "AuthorizerPayloadFormatVersion should be \"1.0\" or \"2.0\"",
            Error::SimpleResponses => "EnableSimpleResponses requires AuthorizerPayloadFormatVersion 2.0",
            Error::CacheWithoutIdentity => "An authorizer that caches needs at least one identity source",
            Error::CorsWildcardWithCredentials => "allowCredentials is not supported when allowOrigins is '*'",
            Error::RouteSelectionExpression => {
                "The routeSelectionExpression of an HTTP API should be ${request.method} ${request.path}"
            }
            Error::QuickCreateTarget => "A target is required when routeKey or credentialsArn is given",
            Error::MaxResults => "Invalid maxResults",
            Error::NextToken => "Invalid nextToken",
            // The others carry a value; `Display` has their texts.
            _ => "The request processing has failed because of an unknown error.",
        }
    }
}

impl std::error::Error for Error {}

impl From<tidegate_store::Error> for Error {
    fn from(error: tidegate_store::Error) -> Error {
        Error::Store(error)
    }
}

impl From<InvalidToken> for Error {
    fn from(_: InvalidToken) -> Error {
        Error::NextToken
    }
}

impl From<Error> for AwsError {
    fn from(error: Error) -> AwsError {
        match error {
            Error::Store(cause) => {
                tracing::error!(%cause, "the store failed under API Gateway");
                AwsError::internal()
            }
            Error::Lost => AwsError::internal(),
            Error::NotImplemented(_) => AwsError::not_implemented(error.to_string()),
            other => {
                let (code, status) = other.code();
                AwsError::new(code, status, other.to_string())
            }
        }
    }
}
