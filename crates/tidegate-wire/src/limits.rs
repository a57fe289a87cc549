//! What one message may be at most. Bodies are limited by the listener; these bound the work on what got through.

/// Levels of lists, maps and structures in a query, XML or CBOR body. JSON is bounded by `serde_json` at 128.
/// DynamoDB's 32 levels of attribute values take two levels of JSON each.
pub const DEPTH_MAX: usize = 128;

/// Elements of one XML body.
pub const XML_ELEMENTS_MAX: usize = 200_000;

/// Parameters of one form-encoded body.
pub const FORM_PARAMETERS_MAX: usize = 100_000;

/// Characters of a value that a validation message repeats; AWS repeats any length.
pub const ECHO_CHARS_MAX: usize = 2_048;

/// Violations that one validation message lists.
pub const VIOLATIONS_MAX: usize = 100;

/// Bytes of one compiled pattern.
pub const PATTERN_BYTES_MAX: usize = 4 << 20;
