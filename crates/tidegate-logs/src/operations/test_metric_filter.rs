//! `TestMetricFilter`: which of some messages a filter pattern lets through, and the values that it names.

use crate::pattern::Pattern;
use crate::{Error, Logs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidegate_core::{Context, Operation};

pub(crate) struct TestMetricFilter;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    filter_pattern: String,
    log_event_messages: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Output {
    matches: Vec<Match>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    /// From 1.
    event_number: usize,
    event_message: String,
    extracted_values: BTreeMap<String, String>,
}

impl Operation for TestMetricFilter {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "TestMetricFilter";
    const ACTION: &'static str = "logs:TestMetricFilter";

    async fn call(_: &Logs, _: &Context, input: Input) -> Result<Output, Error> {
        let pattern = Pattern::parse(&input.filter_pattern)?;
        let numbered = (1..).zip(input.log_event_messages);
        let matches = numbered.filter_map(|(event_number, event_message)| {
            let extracted_values = pattern.extract(&event_message)?;
            Some(Match { event_number, event_message, extracted_values })
        });
        Ok(Output { matches: matches.collect() })
    }
}
