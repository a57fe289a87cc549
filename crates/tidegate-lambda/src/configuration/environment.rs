//! Environment variables: how many there may be, and which are Lambda's own.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

use crate::Error;
use crate::limits::VARIABLES_BYTES_MAX;
use std::collections::BTreeMap;

/// Variables that Lambda sets and nobody else may.
const RESERVED: [&str; 19] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// Refuses variables that are reserved or too large together.
pub(super) fn check_variables(variables: &BTreeMap<String, String>) -> Result<(), Error> {
    let reserved: Vec<String> = variables.keys().filter(|key| RESERVED.contains(&key.as_str())).cloned().collect();
    if !reserved.is_empty() {
        return Err(Error::ReservedVariables(reserved));
    }
    let json = serde_json::to_string(variables).unwrap_or_default();
    if json.len() > VARIABLES_BYTES_MAX { Err(Error::VariablesTooLarge(json)) } else { Ok(()) }
}
