//! The service as its clients see it: through the registry, with a clock that stands and an executor that does as told.

mod control;
mod events;
pub(crate) mod house;
mod invoke;
mod layers;
mod logs;
mod sweep;
mod sweep_cases;

const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";
