//! Whom a request is for.

// The file alone: with the rest of its crate come HTTP and TLS, which would make up a third of the build.
#[allow(dead_code, reason = "the edge uses what is not used here")]
#[path = "../../crates/tidegate-server/src/edge/host.rs"]
mod host;

use host::{Destination, destination, is_host, is_loopback, name};

/// A `Host` value: whatever it is, only names that are ours lead anywhere.
pub fn named(text: &str) {
    let bare = name(text);
    assert_eq!(bare, bare.to_ascii_lowercase());
    let plain = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte));
    assert!(plain || !is_host(text), "{text:?} is no host");
    let found = destination(text, &["extra.example".to_owned()]);
    let ours = [".localhost", ".localhost.localstack.cloud", ".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    let known = is_loopback(&bare)
        || bare == "extra.example"
        || bare == "localhost.localstack.cloud"
        || ours.iter().any(|suffix| bare.ends_with(suffix));
    assert_eq!(found != Destination::Foreign, known, "{text:?} is {found:?}");
}
