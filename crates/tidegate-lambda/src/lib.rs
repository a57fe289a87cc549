//! AWS Lambda: functions and their invocation.
