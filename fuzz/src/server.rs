//! Where requests begin and end, and whom they are for.

// The files alone: with the rest of their crate come HTTP and TLS, which would make up a third of the build.
#[allow(dead_code, reason = "only the server asks about more than violations")]
#[path = "../../crates/tidegate-server/src/edge/framing.rs"]
mod framing;
#[allow(dead_code, reason = "the edge uses what is not used here")]
#[path = "../../crates/tidegate-server/src/edge/host.rs"]
mod host;

use framing::{Framing, Refused};
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

/// A connection's bytes: in pieces or at once, the same is refused at the same place.
pub fn connection(bytes: &[u8]) {
    let whole = Framing::new().read(bytes);
    for size in [1, 2, 7, 100] {
        assert_eq!(in_pieces(bytes, size), whole, "in pieces of {size}");
    }
    if let Err(refused) = whole {
        assert_eq!(bytes[refused.at], b'\n', "{}", refused.why);
        let before = bytes[..refused.at].strip_suffix(b"\r").unwrap_or(&bytes[..refused.at]);
        assert_eq!(Framing::new().read(before), Ok(()));
    }
}

fn in_pieces(bytes: &[u8], size: usize) -> Result<(), Refused> {
    let mut framing = Framing::new();
    let mut pieces = bytes.chunks(size).enumerate();
    pieces.try_for_each(|(n, piece)| {
        framing.read(piece).map_err(|refused| Refused { at: n * size + refused.at, ..refused })
    })
}
