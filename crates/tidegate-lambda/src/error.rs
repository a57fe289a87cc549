//! Everything that this service answers with an error, and AWS' words for it.

use std::fmt;
use tidegate_core::{AwsError, InvalidToken};
use tidegate_store as store;

/// Why a request was refused.
#[derive(Debug, Clone)]
pub enum Error {
    /// No function, or no such version of it; the ARN.
    NoSuchFunction(String),
    /// No alias; its ARN.
    NoSuchAlias(String),
    /// No resource policy.
    NoSuchPolicy,
    /// No statement of this id in the resource policy.
    NoSuchStatement(String),
    /// No policy at all while one of its statements was to go; the function's ARN.
    NoPolicyFor(String),
    /// No configuration for asynchronous invocation; the function's ARN.
    NoEventInvokeConfig(String),
    /// No layer version.
    NoSuchLayer,
    /// A layer version that a function names is not there; its ARN.
    LayerMissing(String),
    /// A function of this name is there.
    FunctionExists(String),
    /// An alias of this name is there; its ARN.
    AliasExists(String),
    /// A statement of this id is there.
    StatementExists(String),
    /// Aliases that point to a version that was to go.
    AliasesReference(Vec<String>),
    /// `$LATEST` alone cannot be deleted.
    LatestStays,
    /// Another revision than the one that the client knows.
    Revision,
    /// Another code than the one that the client knows: what it gave, what is there.
    CodeSha256(String, String),
    /// Name and parameter name two qualifiers.
    QualifierMismatch,
    /// A function of another region; that region, this region.
    ForeignRegion(String, String),
    /// A function of another account; its ARN.
    ForeignAccount(String),
    /// Lambda is not trusted by the role, or there is no such role.
    RoleNotAssumable,
    /// A role of another account.
    CrossAccountRole,
    /// Zip packages need a runtime and a handler.
    RuntimeAndHandler,
    /// No code in the request.
    NoCode,
    /// More than one source of code.
    TwoCodes,
    /// An archive without bytes.
    EmptyZip,
    /// An archive that cannot be read.
    BadZip,
    /// An archive that is too large.
    ZipTooLarge,
    /// A package that is too large unzipped.
    UnzippedTooLarge,
    /// Code and layers together are too large.
    WithLayersTooLarge(u64),
    /// More code than an account may have.
    CodeStorage,
    /// More than five layers.
    TooManyLayers,
    /// Two versions of one layer; both ARNs.
    LayerTwice(String, String),
    /// A runtime that AWS takes no longer.
    DeprecatedRuntime(String),
    /// Environment variables that are too large; their JSON.
    VariablesTooLarge(String),
    /// Environment variables that Lambda sets itself.
    ReservedVariables(Vec<String>),
    /// Log levels with the text format.
    LevelsNeedJson,
    /// A value above its limit: value, member, limit.
    AboveLimit(String, &'static str, u64),
    /// A text that is too long: text, member, limit.
    TooLong(String, &'static str, usize),
    /// A principal that is none.
    Principal,
    /// `FunctionUrlAuthType` with another action.
    UrlAuthAction,
    /// A policy for `$LATEST`.
    PolicyForLatest,
    /// A resource policy that is too long: its bytes.
    PolicyTooLong(usize),
    /// More tags than a resource may have.
    TooManyTags,
    /// Tags on a version or an alias.
    TagsOnQualifier,
    /// A reservation that leaves too little to the other functions.
    ReservedTooMuch,
    /// More than one additional version of an alias.
    TooManyWeights,
    /// A weight outside 0 to 1.
    Weight(f64),
    /// An additional version that is the alias' own.
    SameVersion(String),
    /// `$LATEST` beside another version.
    WeightedLatest,
    /// A configuration for asynchronous invocation that says nothing.
    EmptyEventInvokeConfig,
    /// A function as its own destination.
    OwnDestination,
    /// The event is no JSON; what the parser said.
    PayloadNotJson(String),
    /// The client context is no base64 of JSON.
    ClientContext,
    /// A marker that was not given out.
    Marker,
    /// A synchronous event that is too large.
    PayloadTooLarge,
    /// An asynchronous event that is too large; its bytes.
    EventTooLarge(usize),
    /// The function's reservation is in use.
    ReservedConcurrency,
    /// The account's concurrency is in use.
    AccountConcurrency,
    /// The machine cannot run the runtime; why.
    RuntimeUnavailable(String),
    /// The role could not be assumed at an invocation.
    RoleLost,
    /// The runtime failed; why.
    Execution(String),
    /// A parameter, or a value of one, that is not offered.
    Unsupported(String),
    /// A file could not be read or written.
    Io(String),
    /// The store failed.
    Store(store::Error),
}

impl Error {
    fn code(&self) -> (&'static str, u16) {
        use Error::*;
        match self {
            NoSuchFunction(_) | NoSuchAlias(_) | NoSuchPolicy | NoSuchStatement(_) | NoPolicyFor(_) => {
                ("ResourceNotFoundException", 404)
            }
            NoEventInvokeConfig(_) | NoSuchLayer | ForeignRegion(..) => ("ResourceNotFoundException", 404),
            FunctionExists(_) | AliasExists(_) | StatementExists(_) | AliasesReference(_) => {
                ("ResourceConflictException", 409)
            }
            Revision => ("PreconditionFailedException", 412),
            ForeignAccount(_) | CrossAccountRole | RoleLost => ("AccessDeniedException", 403),
            ZipTooLarge | PayloadTooLarge | EventTooLarge(_) => ("RequestEntityTooLargeException", 413),
            CodeStorage => ("CodeStorageExceededException", 400),
            PolicyTooLong(_) => ("PolicyLengthExceededException", 400),
            AboveLimit(..) | TooLong(..) => (AwsError::VALIDATION, 400),
            PayloadNotJson(_) | ClientContext => ("InvalidRequestContentException", 400),
            ReservedConcurrency | AccountConcurrency => ("TooManyRequestsException", 429),
            RuntimeUnavailable(_) => ("InvalidRuntimeException", 502),
            Unsupported(_) => (AwsError::NOT_IMPLEMENTED, 501),
            Execution(_) | Io(_) | Store(_) => ("ServiceException", 500),
            _ => ("InvalidParameterValueException", 400),
        }
    }
}

const ENVIRONMENT: &str =
    "Lambda was unable to configure your environment variables because the environment variables you have provided";

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Error::*;
        match self {
            NoSuchFunction(arn) => write!(f, "Function not found: {arn}"),
            NoSuchAlias(arn) => write!(f, "Cannot find alias arn: {arn}"),
            NoSuchPolicy | NoSuchLayer => f.write_str("The resource you requested does not exist."),
            NoSuchStatement(id) => write!(f, "Statement {id} is not found in resource policy."),
            NoPolicyFor(arn) => write!(f, "No policy is found for: {arn}"),
            NoEventInvokeConfig(arn) => write!(f, "The function {arn} doesn't have an EventInvokeConfig"),
            LayerMissing(arn) => write!(f, "Layer version {arn} does not exist."),
            FunctionExists(name) => write!(f, "Function already exist: {name}"),
            AliasExists(arn) => write!(f, "Alias already exists: {arn}"),
            StatementExists(id) => write!(
                f,
                "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing statement."
            ),
            AliasesReference(names) => {
                write!(f, "Unable to delete version because the following aliases reference it: [{}]", names.join(", "))
            }
            LatestStays => f.write_str("$LATEST version cannot be deleted without deleting the function."),
            Revision => f.write_str(
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
            ),
            CodeSha256(given, current) => write!(
                f,
                "CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({current}). Please try again with the CodeSHA256 in $LATEST."
            ),
            QualifierMismatch => {
                f.write_str("The derived qualifier from the function name does not match the specified qualifier.")
            }
            ForeignRegion(theirs, ours) => {
                write!(f, "Functions from '{theirs}' are not reachable in this region ('{ours}')")
            }
            ForeignAccount(arn) => write!(f, "The function {arn} belongs to another account."),
            _ => self.fmt_configuration(f),
        }
    }
}

impl Error {
    /// What is wrong with a function's configuration or code.
    fn fmt_configuration(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Error::*;
        match self {
            RoleNotAssumable => f.write_str("The role defined for the function cannot be assumed by Lambda."),
            CrossAccountRole => f.write_str("Cross-account pass role is not allowed."),
            RuntimeAndHandler => f.write_str(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
            ),
            NoCode => f.write_str("Please provide a source for function code."),
            TwoCodes => f.write_str("Please do not provide other FunctionCode parameters when providing a ZipFile."),
            EmptyZip => f.write_str("Uploaded file must be a non-empty zip"),
            BadZip => f.write_str("Could not unzip uploaded file. Please check your file, then try to upload again."),
            ZipTooLarge => f.write_str("Zipped size must be smaller than 52428800 bytes"),
            UnzippedTooLarge => f.write_str("Unzipped size must be smaller than 262144000 bytes"),
            WithLayersTooLarge(bytes) => write!(
                f,
                "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is {bytes} bytes."
            ),
            CodeStorage => f.write_str("Code storage limit exceeded."),
            TooManyLayers => f.write_str("Cannot reference more than 5 layers."),
            LayerTwice(first, second) => {
                write!(
                    f,
                    "Two different versions of the same layer are not allowed to be referenced in the same function. {first} and {second} are versions of the same layer."
                )
            }
            DeprecatedRuntime(runtime) => write!(
                f,
                "The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions."
            ),
            VariablesTooLarge(json) => write!(f, "{ENVIRONMENT} exceeded the 4KB limit. String measured: {json}"),
            ReservedVariables(names) => write!(
                f,
                "{ENVIRONMENT} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: {}",
                names.join(", ")
            ),
            LevelsNeedJson => f.write_str("To determine the log filtering levels, you must set the LogFormat to JSON."),
            AboveLimit(value, member, limit) => write!(
                f,
                "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value less than or equal to {limit}"
            ),
            TooLong(value, member, limit) => write!(
                f,
                "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {limit}"
            ),
            _ => self.fmt_resource(f),
        }
    }

    /// What is wrong with what stands around a function: policy, tags, aliases, reservations.
    fn fmt_resource(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Error::*;
        match self {
            Principal => f.write_str("The provided principal was invalid. Please check the principal and try again."),
            UrlAuthAction => {
                f.write_str("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")
            }
            PolicyForLatest => f.write_str("We currently do not support adding policies for $LATEST."),
            PolicyTooLong(bytes) => {
                write!(f, "The final policy size ({bytes}) is bigger than the limit ({}).", crate::limits::POLICY_BYTES_MAX)
            }
            TooManyTags => f.write_str("Number of tags exceeds resource tag limit."),
            TagsOnQualifier => f.write_str(
                "Tags on function aliases and versions are not supported. Please specify either a function ARN.",
            ),
            ReservedTooMuch => f.write_str(
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
            ),
            TooManyWeights => f.write_str("Number of items in AdditionalVersionWeights cannot be greater than 1"),
            Weight(weight) => write!(
                f,
                "1 validation error detected: Value '{weight}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]"
            ),
            SameVersion(version) => write!(
                f,
                "Invalid function version {version}. Function version {version} is already included in routing configuration."
            ),
            WeightedLatest => f.write_str("$LATEST is not supported for an alias pointing to more than 1 version"),
            EmptyEventInvokeConfig => {
                f.write_str("You must specify at least one of error handling or destination setting.")
            }
            OwnDestination => f.write_str("You can't specify the function as a destination for itself."),
            _ => self.fmt_invocation(f),
        }
    }

    /// What is wrong with an invocation.
    fn fmt_invocation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Error::*;
        match self {
            PayloadNotJson(why) => {
                write!(f, "Could not parse request body into json: Could not parse payload into json: {why}")
            }
            Marker => f.write_str("Invalid Marker."),
            ClientContext => f.write_str("Client context must be a valid Base64-encoded JSON object."),
            PayloadTooLarge => {
                f.write_str("Request must be smaller than 6291456 bytes for the InvokeFunction operation")
            }
            EventTooLarge(bytes) => write!(
                f,
                "{bytes} byte payload is too large for the Event invocation type (limit {} bytes)",
                crate::limits::EVENT_BYTES_MAX
            ),
            ReservedConcurrency | AccountConcurrency => f.write_str("Rate Exceeded."),
            RoleLost => f.write_str("The role defined for the function cannot be assumed by Lambda."),
            RuntimeUnavailable(why) => f.write_str(why),
            Unsupported(what) => write!(f, "{what} is not supported."),
            _ => f.write_str("The request processing has failed because of an unknown error."),
        }
    }
}

impl std::error::Error for Error {}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Error::Store(error)
    }
}

impl From<InvalidToken> for Error {
    fn from(_: InvalidToken) -> Error {
        Error::Marker
    }
}

impl From<Error> for AwsError {
    fn from(error: Error) -> AwsError {
        if let Error::Execution(_) | Error::Io(_) | Error::Store(_) = &error {
            tracing::error!(?error, "Lambda failed");
        }
        let (code, status) = error.code();
        let answer = AwsError::new(code, status, error.to_string());
        let answer = match error {
            Error::ReservedConcurrency => answer.with("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"),
            Error::AccountConcurrency => answer.with("Reason", "ConcurrentInvocationLimitExceeded"),
            _ => answer,
        };
        match status {
            404 | 409 | 412 | 413 | 429 | 400 if code != AwsError::VALIDATION => answer.with("Type", "User"),
            500 => answer.with("Type", "Service"),
            _ => answer,
        }
    }
}
