//! Execution environments of functions, as Lambda has them: init, then one invocation after another, then shutdown.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>
//!
//! The one entry is [`Runtime::invoke`]. Code and layers arrive as extracted folders, results leave as bytes, and every
//! log line goes through [`LogOutput`]. What a function is stored as, who may invoke it and how often it is tried again
//! is not known here; how a process is kept apart from the machine is `tidegate-sandbox`'s business.

mod environment;
mod error;
mod function;
pub mod fuzz;
mod interpreter;
mod invocation;
mod layers;
pub mod limits;
mod logs;
mod names;
mod options;
mod patience;
mod pool;
mod prepared;
mod process;
mod protocol;
mod report;
mod runtime;
mod sdk;
mod sdk_checks;
mod shared;
mod stage;
mod tools;
mod tree;
mod tree_copy;
mod variables;

pub use error::Error;
pub use function::{Credentials, CredentialsSource, FunctionSpec, LogFormat, LogLevel, Logging, RuntimeId};
pub use interpreter::{Interpreter, choose, discover};
pub use invocation::{FunctionError, Invocation, InvocationResult, Metrics, Status};
pub use logs::{LogEvent, LogOutput};
pub use options::{Endpoint, EnvironmentIdentity, Options, Progress, Reach};
pub use runtime::{Runtime, install_sdk};
