//! Filter patterns.

use crate::lines;
use tidegate_logs::pattern::Pattern;

/// A filter pattern in the first line, a log event's message behind it.
pub fn pattern(text: &str) {
    let [pattern, message] = lines(text);
    if let Ok(parsed) = Pattern::parse(pattern) {
        assert_eq!(parsed.matches(message), parsed.extract(message).is_some(), "{pattern}");
    }
}
