//! `ListFunctionEventInvokeConfigs`: how asynchronous events of a function's qualifiers are handled, page by page.

use super::put_function_event_invoke_config::{Output as Entry, output};
use super::shared::{Named, Paging, load};
use crate::limits::PAGE_MAX;
use crate::names::FunctionRef;
use crate::tables::EVENT_CONFIGS;
use crate::{Error, Lambda};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListFunctionEventInvokeConfigs;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    function_event_invoke_configs: Vec<Entry>,
    next_marker: Option<String>,
}

impl Operation for ListFunctionEventInvokeConfigs {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "ListFunctionEventInvokeConfigs";
    const ACTION: &'static str = "lambda:ListFunctionEventInvokeConfigs";

    fn checks(lambda: &Lambda, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        input.named.checks(lambda, cx, Self::ACTION)
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, Error> {
        let function = input.named.function(cx)?;
        let snapshot = lambda.store.snapshot();
        load(&snapshot, &function)?;
        let (account, region, name) = &function.key;
        let entries = snapshot.scan(&EVENT_CONFIGS, (account, region, name.as_str()));
        let items = entries.map(|entry| {
            let ((_, _, _, qualifier), config) = entry?;
            let place = FunctionRef { key: function.key.clone(), qualifier: Some(qualifier.clone()) };
            Ok((format!("!{qualifier}"), output(&place, config)))
        });
        let page = input.paging.page(items, PAGE_MAX, PAGE_MAX)?;
        Ok(Output { function_event_invoke_configs: page.items, next_marker: page.next })
    }
}
