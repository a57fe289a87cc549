//! What an execution environment needs to know of a function version.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use tidegate_types::{AccountId, Arn, ParseError, Region, Timestamp};

/// One version of one function, frozen: a change of code or configuration makes a new one with another `revision`.
pub struct FunctionSpec {
    /// Owner of the function. Environments are never shared over accounts.
    pub account: AccountId,
    /// Where the function lives.
    pub region: Region,
    /// The function's name.
    pub name: String,
    /// The function's ARN without a qualifier.
    pub arn: Arn,
    /// `$LATEST` or a version number.
    pub version: String,
    /// The managed runtime.
    pub runtime: RuntimeId,
    /// `module.function`, as configured.
    pub handler: String,
    /// The extracted code; mounted read-only at `/var/task`.
    pub code_dir: PathBuf,
    /// The extracted layers in their configured order; the later one wins in `/opt`.
    pub layer_dirs: Vec<PathBuf>,
    /// The user's own environment variables.
    pub variables: BTreeMap<String, String>,
    /// Memory limit in MiB (128–10,240); the share of CPU follows from it.
    pub memory_mb: u32,
    /// Limit of one invocation in milliseconds (1,000–900,000).
    pub timeout_ms: u32,
    /// Size of `/tmp` in MiB (512–10,240).
    pub ephemeral_mb: u32,
    /// Where log lines go and how they look.
    pub logging: Logging,
    /// Gives the temporary credentials of the execution role.
    pub credentials: CredentialsSource,
    /// Any text that changes when code or configuration changes; environments of another revision are retired.
    pub revision: String,
    /// Most invocations of this version at the same time; more are answered with [`crate::Error::Throttled`].
    pub max_concurrency: u32,
}

impl fmt::Debug for FunctionSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({})", self.arn, self.version, self.revision)
    }
}

/// `LoggingConfig` of a function.
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logging {
    /// Text or JSON lines.
    pub format: LogFormat,
    /// Least level of the function's own lines; JSON format only.
    pub application_level: LogLevel,
    /// Least level of the platform's lines; JSON format only.
    pub system_level: LogLevel,
    /// The log group's name, `/aws/lambda/NAME` unless configured.
    pub group: String,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines as AWS has always written them.
    Text,
    /// One JSON object a line.
    Json,
}

/// Levels of log lines, the chattiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "AWS' own words, which need no other ones")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

impl LogLevel {
    /// AWS' spelling, such as `INFO`.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Trace => "TRACE",
            LogLevel::Debug => "DEBUG",
            LogLevel::Info => "INFO",
            LogLevel::Warn => "WARN",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
        }
    }
}

impl FromStr for LogLevel {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<LogLevel, ParseError> {
        use LogLevel::*;
        let all = [Trace, Debug, Info, Warn, Error, Fatal];
        all.into_iter()
            .find(|level| level.as_str() == text)
            .ok_or(ParseError("a level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL"))
    }
}

/// Temporary credentials of an execution role.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`
    pub access_key_id: String,
    /// The signing secret.
    pub secret_access_key: String,
    /// The session token.
    pub session_token: String,
    /// When they end; new ones are asked for some minutes earlier.
    pub expiration: Timestamp,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, until {})", self.access_key_id, self.expiration.iso8601())
    }
}

/// Asks for credentials; the text of a refusal is for people.
pub type CredentialsSource =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Credentials, String>> + Send>> + Send + Sync>;

/// A managed runtime that we run with bootstraps of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuntimeId {
    /// `nodejs20.x` is `Node(20)`.
    Node(u16),
    /// `python3.13` is `Python(13)`.
    Python(u16),
}

impl RuntimeId {
    /// All that are known, oldest first.
    pub const ALL: [RuntimeId; 10] = {
        use RuntimeId::*;
        [Node(18), Node(20), Node(22), Node(24), Python(9), Python(10), Python(11), Python(12), Python(13), Python(14)]
    };

    /// What INIT_START and GetFunctionConfiguration (`RuntimeVersionArn`) name: an ARN in the shape of AWS' own, whose hash
    /// stands for the runtime's build, of which there is one here.
    pub fn version_arn(self, region: &Region) -> String {
        let hash: String = Sha256::digest(self.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("arn:aws:lambda:{region}::runtime:{hash}")
    }
}

impl fmt::Display for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuntimeId::Node(major) => write!(f, "nodejs{major}.x"),
            RuntimeId::Python(minor) => write!(f, "python3.{minor}"),
        }
    }
}

impl FromStr for RuntimeId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<RuntimeId, ParseError> {
        let known = RuntimeId::ALL.into_iter().find(|id| id.to_string() == text);
        known.ok_or(ParseError("runtimes run here are nodejs18.x to nodejs24.x and python3.9 to python3.14"))
    }
}

#[cfg(test)]
pub(crate) fn test_spec() -> FunctionSpec {
    let (account, region) = (AccountId::local(), Region::us_east_1());
    FunctionSpec {
        arn: Arn::new("lambda", &region, &account, "function:f"),
        account,
        region,
        name: "f".into(),
        version: "$LATEST".into(),
        runtime: RuntimeId::Node(20),
        handler: "index.handler".into(),
        code_dir: "/code".into(),
        layer_dirs: Vec::new(),
        variables: BTreeMap::new(),
        memory_mb: 128,
        timeout_ms: 3000,
        ephemeral_mb: 512,
        logging: Logging {
            format: LogFormat::Text,
            application_level: LogLevel::Info,
            system_level: LogLevel::Info,
            group: "/aws/lambda/f".into(),
        },
        credentials: Arc::new(|| Box::pin(async { Err("none in tests".into()) })),
        revision: "1".into(),
        max_concurrency: 10,
    }
}
