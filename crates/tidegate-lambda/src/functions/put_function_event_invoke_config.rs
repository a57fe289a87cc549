//! `PutFunctionEventInvokeConfig`: say how a function's asynchronous events are handled; what is not said goes.

use super::shared::{Named, check_qualifier};
use crate::names::{FunctionRef, LATEST};
use crate::tables::{EVENT_CONFIGS, EventConfig};
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};
use tidegate_store::Transaction;
use tidegate_types::Timestamp;

pub(crate) struct PutFunctionEventInvokeConfig;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    pub named: Named,
    pub maximum_retry_attempts: Option<u32>,
    pub maximum_event_age_in_seconds: Option<u32>,
    pub destination_config: Option<Destinations>,
}

/// `DestinationConfig`.
#[derive(Serialize, Deserialize, Default, Clone)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Destinations {
    pub on_success: Destination,
    pub on_failure: Destination,
}

#[derive(Serialize, Deserialize, Default, Clone)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Destination {
    pub destination: Option<String>,
}

/// `FunctionEventInvokeConfig`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    last_modified: Timestamp,
    function_arn: String,
    maximum_retry_attempts: Option<u32>,
    maximum_event_age_in_seconds: Option<u32>,
    destination_config: Destinations,
}

impl Operation for PutFunctionEventInvokeConfig {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "PutFunctionEventInvokeConfig";
    const ACTION: &'static str = "lambda:PutFunctionEventInvokeConfig";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        put(lambda, cx, input, |_| EventConfig::default()).await
    }
}

/// Stores what the request says on top of what `base` makes of the stored configuration.
pub(super) async fn put(
    lambda: &Lambda,
    cx: &Context,
    input: Input,
    base: impl FnOnce(EventConfig) -> EventConfig + Send + 'static,
) -> Result<Output, Error> {
    let function = input.named.function(cx)?;
    check_destinations(cx, &function, &input)?;
    let (target, now_ms) = (function.clone(), cx.clock().now_ms());
    let write = move |tx: &mut Transaction| {
        check_qualifier(tx, &target)?;
        let place = target.place();
        let mut config = base(tx.get(&EVENT_CONFIGS, place)?.unwrap_or_default());
        config.retries = input.maximum_retry_attempts.or(config.retries);
        config.age_s = input.maximum_event_age_in_seconds.or(config.age_s);
        if let Some(destinations) = input.destination_config {
            config.on_success = destinations.on_success.destination.filter(|arn| !arn.is_empty());
            config.on_failure = destinations.on_failure.destination.filter(|arn| !arn.is_empty());
        }
        config.last_modified_ms = now_ms;
        tx.put(&EVENT_CONFIGS, place, &config)?;
        Ok::<_, Error>(config)
    };
    let config = lambda.store.write(write).await?;
    lambda.changed(&function.key);
    Ok(output(&function, config))
}

/// Refuses requests that say nothing, and destinations that are the function itself or no function.
fn check_destinations(cx: &Context, function: &FunctionRef, input: &Input) -> Result<(), Error> {
    if input.maximum_retry_attempts.is_none()
        && input.maximum_event_age_in_seconds.is_none()
        && input.destination_config.is_none()
    {
        return Err(Error::EmptyEventInvokeConfig);
    }
    let destinations = input.destination_config.clone().unwrap_or_default();
    let arns = [destinations.on_success.destination, destinations.on_failure.destination];
    for arn in arns.into_iter().flatten().filter(|arn| !arn.is_empty()) {
        if !arn.contains(":lambda:") {
            return Err(Error::Unsupported(format!("The destination {arn}")));
        }
        if FunctionRef::own(cx, &arn, None)?.key == function.key {
            return Err(Error::OwnDestination);
        }
    }
    Ok(())
}

/// The answer's form of a configuration.
pub(super) fn output(function: &FunctionRef, config: EventConfig) -> Output {
    let qualifier = function.qualifier.as_deref().filter(|q| !q.is_empty()).unwrap_or(LATEST);
    Output {
        last_modified: Timestamp::from_ms(config.last_modified_ms),
        function_arn: format!("{}:{qualifier}", function.function_arn()),
        maximum_retry_attempts: config.retries,
        maximum_event_age_in_seconds: config.age_s,
        destination_config: Destinations {
            on_success: Destination { destination: config.on_success },
            on_failure: Destination { destination: config.on_failure },
        },
    }
}
