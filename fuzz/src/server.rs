//! Whom a request is for.

use tidegate_server::edge::host::{Destination, destination, is_loopback, name};

/// A `Host` value: whatever it is, only names that are ours lead anywhere.
pub fn host(text: &str) {
    let bare = name(text);
    assert_eq!(bare, bare.to_ascii_lowercase());
    let found = destination(text, &["extra.example".to_owned()]);
    let ours = [".localhost", ".localhost.localstack.cloud", ".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    let known = is_loopback(&bare)
        || bare == "extra.example"
        || bare == "localhost.localstack.cloud"
        || ours.iter().any(|suffix| bare.ends_with(suffix));
    assert_eq!(found != Destination::Foreign, known, "{text:?} is {found:?}");
}
