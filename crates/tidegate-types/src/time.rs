//! Points in time and the ways AWS writes them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z. In a document it is a number of seconds with up to three decimals;
/// the wire layer turns that into the form that the model asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds since 1970.
    pub const fn from_ms(ms: u64) -> Timestamp {
        Timestamp(ms)
    }

    /// Milliseconds since 1970.
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// `2026-11-21T09:30:00Z`, the form of ISO 8601 that query and rest-xml use.
    pub fn iso8601(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// `2026-11-21T09:30:00.123Z`.
    pub fn iso8601_ms(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S.%3fZ")
    }

    /// `2026-11-21T09:30:00.123+0000`, as Lambda's `LastModified`.
    pub fn iso8601_offset(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S.%3f+0000")
    }

    /// `21/Nov/2026:09:30:00 +0000`, the common log format.
    pub fn clf(self) -> String {
        self.format("%d/%b/%Y:%H:%M:%S +0000")
    }

    /// `Sat, 21 Nov 2026 09:30:00 GMT`, for HTTP headers (RFC 9110 §5.6.7).
    pub fn http_date(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// `20261121T093000Z`, as request signatures have it.
    pub fn amz_date(self) -> String {
        // Every signed request asks for it, so it takes the short way.
        let at = self.civil();
        let (year, rest) = (at.year().unsigned_abs(), [at.month(), at.day(), at.hour(), at.minute(), at.second()]);
        let [month, day, hour, minute, second] = rest.map(i8::unsigned_abs);
        let mut text = String::with_capacity(16);
        push_two(&mut text, (year / 100) as u8);
        [(year % 100) as u8, month, day].into_iter().for_each(|part| push_two(&mut text, part));
        text.push('T');
        [hour, minute, second].into_iter().for_each(|part| push_two(&mut text, part));
        text.push('Z');
        text
    }

    /// Any `strftime` format, in UTC.
    pub fn format(self, format: &str) -> String {
        self.civil().strftime(format).to_string()
    }

    fn civil(self) -> DateTime {
        // Milliseconds past the year 9999 are shown as its end.
        let at = jiff::Timestamp::from_millisecond(self.0.min(253_402_207_199_000) as i64).unwrap_or_default();
        TimeZone::UTC.to_datetime(at)
    }

    /// Reads ISO 8601 with any offset, or `None`.
    pub fn parse_iso8601(text: &str) -> Option<Timestamp> {
        let parsed: jiff::Timestamp = text.parse().ok()?;
        u64::try_from(parsed.as_millisecond()).ok().map(Timestamp)
    }

    /// Reads `20261121T093000Z`, or `None`.
    pub fn parse_amz_date(text: &str) -> Option<Timestamp> {
        let bytes = text.as_bytes();
        let digits = |n: usize| {
            bytes
                .get(n..n + 2)?
                .iter()
                .try_fold(0i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))
        };
        if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
            return None;
        }
        let part = |n: usize| digits(n).map(|value| value as i8);
        let date = Date::new(digits(0)? * 100 + digits(2)?, part(4)?, part(6)?).ok()?;
        let at = date.to_datetime(Time::new(part(9)?, part(11)?, part(13)?, 0).ok()?);
        u64::try_from(TimeZone::UTC.to_timestamp(at).ok()?.as_millisecond()).ok().map(Timestamp)
    }
}

fn push_two(text: &mut String, number: u8) {
    text.push((b'0' + number / 10 % 10) as char);
    text.push((b'0' + number % 10) as char);
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1000) {
            serializer.serialize_u64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.0 as f64 / 1000.0)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Ok(Timestamp((seconds.max(0.0) * 1000.0).round() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_form() {
        let t = Timestamp::from_ms(1_795_253_400_123);
        assert_eq!(t.iso8601(), "2026-11-21T09:30:00Z");
        assert_eq!(t.iso8601_ms(), "2026-11-21T09:30:00.123Z");
        assert_eq!(t.iso8601_offset(), "2026-11-21T09:30:00.123+0000");
        assert_eq!(t.clf(), "21/Nov/2026:09:30:00 +0000");
        assert_eq!(t.http_date(), "Sat, 21 Nov 2026 09:30:00 GMT");
        assert_eq!(t.amz_date(), "20261121T093000Z");
    }

    #[test]
    fn reads_what_it_wrote() {
        let t = Timestamp::from_ms(1_795_253_400_000);
        assert_eq!(Timestamp::parse_amz_date(&t.amz_date()), Some(t));
        assert_eq!(Timestamp::parse_iso8601("2026-11-21T10:30:00+01:00"), Some(t));
        for wrong in [
            "20261121T0930",
            "20261321T093000Z",
            "20260230T093000Z",
            "20261121T253000Z",
            "2026112aT093000Z",
            "20261121 093000Z",
        ] {
            assert_eq!(Timestamp::parse_amz_date(wrong), None, "{wrong}");
        }
        assert_eq!(serde_json_like(t), "1795253400");
    }

    fn serde_json_like(t: Timestamp) -> String {
        (t.as_ms() / 1000).to_string()
    }
}
