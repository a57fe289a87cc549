//! Scalars that a protocol carries as text: in query parameters, headers, path labels and XML.

use super::json::seconds;
use crate::AwsErrorParts;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::{Number, Value};
use tidegate_model::{Kind, Shape, TimestampFormat};

/// The document's value of a scalar's text. `format` is how points in time are written where the model is silent.
pub(super) fn read(shape: &Shape, text: &str, format: TimestampFormat) -> Result<Value, AwsErrorParts> {
    let trimmed = text.trim();
    let value = match &shape.kind {
        Kind::String => return Ok(text.into()),
        Kind::Boolean => boolean(trimmed),
        Kind::Integer => trimmed.parse::<i32>().ok().map(Value::from),
        Kind::Long => trimmed.parse::<i64>().ok().map(Value::from),
        Kind::Float | Kind::Double => real(trimmed),
        Kind::Blob => check_base64(trimmed).ok().map(|()| trimmed.into()),
        Kind::Timestamp(own) => timestamp(trimmed, own.unwrap_or(format)).map(Value::Number),
        Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } => None,
    };
    value.ok_or_else(|| {
        AwsErrorParts::serialization(format!("{text:?} cannot be converted to {}", type_name(&shape.kind)))
    })
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "Boolean",
        Kind::Integer => "Integer",
        Kind::Long => "Long",
        Kind::Float => "Float",
        Kind::Double => "Double",
        Kind::Blob => "ByteBuffer",
        Kind::Timestamp(_) => "Date",
        _ => "String",
    }
}

fn boolean(text: &str) -> Option<Value> {
    match () {
        () if text.eq_ignore_ascii_case("true") => Some(true.into()),
        () if text.eq_ignore_ascii_case("false") => Some(false.into()),
        () => None,
    }
}

fn real(text: &str) -> Option<Value> {
    match text {
        "NaN" | "Infinity" | "-Infinity" => Some(text.into()),
        _ => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
    }
}

/// Seconds since 1970 of a time in this format; every reader also takes ISO 8601 and plain seconds.
pub(super) fn timestamp(text: &str, format: TimestampFormat) -> Option<Number> {
    let iso = || text.parse::<jiff::Timestamp>().ok().map(|t| t.as_millisecond() as f64 / 1000.0);
    let unix = || text.parse::<f64>().ok();
    let http = || http_date(text);
    let found = match format {
        TimestampFormat::HttpDate => http().or_else(iso),
        TimestampFormat::UnixSeconds => unix().or_else(iso),
        TimestampFormat::Iso8601 => iso().or_else(unix),
    };
    found.and_then(seconds)
}

/// `Sat, 21 Nov 2026 09:30:00 GMT`.
fn http_date(text: &str) -> Option<f64> {
    let (_, date) = text.split_once(", ")?;
    let time = DateTime::strptime("%d %b %Y %H:%M:%S GMT", date).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second() as f64)
}

/// Whether the text is base64 (RFC 4648 §4), without decoding it; the error is AWS' sentence.
pub(super) fn check_base64(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(4) {
        return Err(format!("Base64 encoded length is expected a multiple of 4 bytes but found: {}", bytes.len()));
    }
    let padding = bytes.iter().rev().take(2).take_while(|b| **b == b'=').count();
    let (body, last) = bytes.split_at(bytes.len().saturating_sub(4));
    let in_alphabet = |b: &u8| b.is_ascii_alphanumeric() || *b == b'+' || *b == b'/';
    let sound = body.iter().all(in_alphabet) && (last.is_empty() || STANDARD.decode(last).is_ok());
    if sound {
        return Ok(());
    }
    let data = &bytes[..bytes.len() - padding];
    Err(match data.iter().find(|b| !in_alphabet(b)) {
        Some(b) => format!("Invalid base64 character: '{}'", (*b as char).escape_default()),
        None => "Invalid last non-pad Base64 character dectected".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimestampFormat::*;

    #[test]
    fn reads_times() {
        let cases = [
            ("2026-11-21T09:30:00Z", Iso8601, Some("1795253400")),
            ("2026-11-21T10:30:00.5+01:00", Iso8601, Some("1795253400.5")),
            ("1795253400", UnixSeconds, Some("1795253400")),
            ("Sat, 21 Nov 2026 09:30:00 GMT", HttpDate, Some("1795253400")),
            ("2026-11-21T09:30:00Z", HttpDate, Some("1795253400")),
            ("yesterday", Iso8601, None),
            ("", UnixSeconds, None),
            ("NaN", UnixSeconds, None),
        ];
        for (text, format, expected) in cases {
            assert_eq!(timestamp(text, format).map(|n| n.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn checks_base64() {
        for good in ["", "aGVsbG8=", "aGVsbG8h", "aA=="] {
            assert_eq!(check_base64(good), Ok(()), "{good}");
        }
        for bad in ["a", "aGVsbG8", "aGV=bG8=", "aG*sbG8=", "====", "aB=="] {
            assert!(check_base64(bad).is_err(), "{bad}");
        }
    }
}
