//! Which runtimes can be used.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>

use crate::Error;
use tidegate_runtime::RuntimeId;

/// Runtimes that AWS takes no longer for new functions and updates.
const DEPRECATED: [&str; 24] = [
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "dotnetcore3.1",
    "dotnet6",
    "go1.x",
    "java8",
    "nodejs",
    "nodejs4.3",
    "nodejs4.3-edge",
    "nodejs6.10",
    "nodejs8.10",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "provided",
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "ruby2.5",
    "ruby2.7",
    "dotnet5.0",
];

/// Runtimes that are past AWS' end of support and still taken, here and for some time there.
const ENDING: [&str; 2] = ["nodejs18.x", "python3.9"];

/// Refuses runtimes that AWS no longer takes, and those that are not run here.
pub(crate) fn check_runtime(runtime: &str) -> Result<(), Error> {
    if DEPRECATED.contains(&runtime) {
        return Err(Error::DeprecatedRuntime(runtime.to_owned()));
    }
    if ENDING.contains(&runtime) {
        tracing::warn!(runtime, "AWS has ended its support for this runtime");
    }
    match runtime.parse::<RuntimeId>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Unsupported(format!("The runtime {runtime}"))),
    }
}
