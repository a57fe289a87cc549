//! Scalars as text, and points in time in every form.

use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use tidegate_model::{Kind, Service, Shape, TimestampFormat};
use tidegate_types::Timestamp;

/// A scalar's text for XML, headers and the like. `format` is how points in time are written where the model is silent.
pub(super) fn text<'v>(service: &Service, shape: &Shape, value: &'v Value, format: TimestampFormat) -> Cow<'v, str> {
    match (&shape.kind, value) {
        (Kind::Timestamp(own), value) => timestamp(service, value, own.unwrap_or(format)).into(),
        (Kind::Float | Kind::Double, Value::Number(number)) => match number.as_f64() {
            Some(real) => format!("{real:?}").into(),
            None => number.to_string().into(),
        },
        (Kind::Integer | Kind::Long, value) => whole(value).map_or_else(|| plain(value), |n| n.to_string().into()),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

/// A number without its fraction.
pub(super) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|n| n.abs() < 9e15).map(|n| n as i64))
}

/// A point in time, given as seconds, in a text form. What is no number stays as it is.
pub(super) fn timestamp(service: &Service, value: &Value, format: TimestampFormat) -> String {
    let Ok(time) = Timestamp::deserialize(value) else { return plain(value).into_owned() };
    match format {
        TimestampFormat::Iso8601 if has_milliseconds(service) => time.iso8601_ms(),
        TimestampFormat::Iso8601 => time.iso8601(),
        TimestampFormat::HttpDate => time.http_date(),
        TimestampFormat::UnixSeconds => value.to_string(),
    }
}

/// Services that write milliseconds in ISO 8601.
fn has_milliseconds(service: &Service) -> bool {
    ["s3", "cloudformation", "cloudwatch", "sns"].contains(&service.name)
}
