//! What a request gets at its arrival: its ids and its time.

use super::request::GatewayRequest;
use base64::{Engine, engine::general_purpose::URL_SAFE};
use http::HeaderName;
use tidegate_types::Ids;

/// What a request gets at its arrival.
#[derive(Debug)]
pub struct Arrival {
    /// Sixteen characters, the last of them `=`: also the header `apigw-requestid`.
    pub request_id: String,
    /// The value of `x-amzn-trace-id` for the integration.
    pub trace: String,
    /// When it came, in milliseconds since 1970.
    pub time_ms: u64,
    /// The same as `21/Nov/2026:09:30:00 +0000`.
    pub time: String,
}

/// The X-Ray header.
pub const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

impl Arrival {
    /// Draws the ids.
    pub fn new(request: &GatewayRequest, ids: &dyn Ids, time_ms: u64) -> Arrival {
        let mut random = [0u8; 23];
        ids.fill(&mut random);
        let seconds = time_ms / 1000;
        let (high, low) = random[11..].split_at(4);
        let number = |bytes: &[u8]| bytes.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let own = format!("1-{seconds:08x}-{:08x}{:016x}", number(high), number(low));
        // A trace that the client began goes on; the gateway adds itself to it.
        let trace = match request.header(&TRACE_ID) {
            theirs if theirs.contains("Root=") => format!("Self={own};{theirs}"),
            _ => format!("Root={own}"),
        };
        let time = tidegate_types::Timestamp::from_ms(time_ms).clf();
        Arrival { request_id: URL_SAFE.encode(&random[..11]), trace, time_ms, time }
    }
}
