//! ARNs, accounts, regions, blobs' names and times.

use tidegate_store::BlobId;
use tidegate_types::{AccountId, Arn, Region, Timestamp};

/// Any of the names: what is one is written as it was read.
pub fn names(text: &str) {
    if let Ok(arn) = text.parse::<Arn>() {
        let parts = [arn.partition(), arn.service(), arn.region(), arn.account(), arn.resource()];
        assert_eq!(format!("arn:{}", parts.join(":")), text);
    }
    assert!(text.parse::<AccountId>().is_ok_and(|id| id.as_str() == text) || text.parse::<AccountId>().is_err());
    assert!(text.parse::<Region>().is_ok_and(|code| code.as_str() == text) || text.parse::<Region>().is_err());
    assert!(text.parse::<BlobId>().is_ok_and(|id| id.as_str() == text) || text.parse::<BlobId>().is_err());
}

/// A time in any of the forms that clients send: what was read is read again as it is written.
pub fn times(text: &str) {
    if let Some(time) = Timestamp::parse_amz_date(text) {
        assert_eq!(time.amz_date(), text);
    }
    if let Some(time) = Timestamp::parse_iso8601(text) {
        let (written, last) = (time.iso8601_ms(), 253_402_207_199_000);
        assert!(Timestamp::parse_iso8601(&written) == Some(time) || time.as_ms() > last, "{written}");
        let _ = (time.iso8601(), time.iso8601_offset(), time.clf(), time.http_date());
    }
    if let Ok(time) = serde_json::from_str::<Timestamp>(text) {
        let written = serde_json::to_string(&time).expect("a time is a number");
        assert!(serde_json::from_str::<Timestamp>(&written).is_ok(), "{written}");
        let _ = (time.iso8601_ms(), time.amz_date());
    }
}
