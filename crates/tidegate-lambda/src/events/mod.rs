//! Asynchronous invocation: events wait in the store until a function has taken them, or has failed often enough.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>

mod destination;
mod queue;
mod retry;

pub(crate) use queue::Queue;
