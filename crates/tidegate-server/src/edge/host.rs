//! Who a request is for, by its `Host`: the control plane, one API's execute-api endpoint, or nobody (a rebinding
//! attack, a mistake). Every listener asks here before anything else looks at a request.

use std::borrow::Cow;
use tidegate_types::Region;

/// Whom a host name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// AWS APIs and Tidegate's own paths.
    Control,
    /// An API's endpoint.
    ExecuteApi {
        /// The API's id.
        api_id: String,
        /// The region that the name gives, if it does.
        region: Option<Region>,
    },
    /// A name that Tidegate does not answer to.
    Foreign,
}

/// Suffixes under which a browser or a resolver reaches this machine itself.
const LOCAL_SUFFIXES: [&str; 2] = [".localhost", ".localhost.localstack.cloud"];
/// Suffixes of AWS' own endpoints: reached through the forward proxy and from inside functions.
const AWS_SUFFIXES: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

/// Whether AWS' endpoints live under this name.
pub fn is_aws(host: &str) -> bool {
    AWS_SUFFIXES.iter().any(|suffix| host.ends_with(suffix)) || host.ends_with(".on.aws")
}

/// The name in a `Host` value: without port and brackets, in lower case.
pub fn name(host: &str) -> Cow<'_, str> {
    let bare = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = bare.trim_end_matches('.');
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// Whether a `Host` value is a name or an address, perhaps with a port (RFC 9110 §7.2), and nothing more: no user, no path,
/// no second name.
pub fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[').map(|v6| v6.split_once(']')) {
        Some(Some((v6, port))) if v6.parse::<std::net::Ipv6Addr>().is_ok() => ("v6", port),
        Some(_) => return false,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let is_port = |port: &str| port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    !name.is_empty() && name.bytes().all(is_name) && (port.is_empty() || is_port(port))
}

/// Finds out whom a `Host` value means. `extra` are further names that the operator allows.
pub fn destination(host: &str, extra: &[String]) -> Destination {
    let name = name(host);
    if is_loopback(&name) || extra.iter().any(|allowed| *allowed == name) {
        return Destination::Control;
    }
    let suffix = LOCAL_SUFFIXES.iter().chain(&AWS_SUFFIXES).find(|suffix| name.ends_with(**suffix));
    let Some(inner) = suffix.map(|suffix| &name[..name.len() - suffix.len()]) else {
        return if name == "localhost.localstack.cloud" { Destination::Control } else { Destination::Foreign };
    };
    execute_api(inner).unwrap_or(Destination::Control)
}

/// Whether the name is this machine's own.
pub fn is_loopback(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "::1")
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

/// `ID.execute-api` or `ID.execute-api.REGION`.
fn execute_api(inner: &str) -> Option<Destination> {
    let mut parts = inner.split('.');
    let api_id = parts.next().filter(|id| !id.is_empty())?;
    (parts.next()? == "execute-api").then_some(())?;
    let region = parts.next().map(|text| text.parse()).transpose().ok()?;
    parts.next().is_none().then(|| Destination::ExecuteApi { api_id: api_id.to_owned(), region })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(id: &str, region: Option<&str>) -> Destination {
        Destination::ExecuteApi { api_id: id.into(), region: region.map(|r| r.parse().expect("a region")) }
    }

    #[test]
    fn tells_hosts_apart() {
        let cases = [
            ("localhost:4566", Destination::Control),
            ("127.0.0.1", Destination::Control),
            ("127.8.0.1:80", Destination::Control),
            ("[::1]:4566", Destination::Control),
            ("LOCALHOST", Destination::Control),
            ("localhost.localstack.cloud:4566", Destination::Control),
            ("dynamodb.us-east-1.amazonaws.com", Destination::Control),
            ("iam.amazonaws.com:443", Destination::Control),
            ("extra.example", Destination::Control),
            ("abc123.execute-api.us-east-1.amazonaws.com", api("abc123", Some("us-east-1"))),
            ("abc123.execute-api.localhost:4566", api("abc123", None)),
            ("abc123.execute-api.eu-west-1.localhost", api("abc123", Some("eu-west-1"))),
            ("abc123.execute-api.localhost.localstack.cloud:4566", api("abc123", None)),
            ("evil.example", Destination::Foreign),
            ("localhost.evil.example", Destination::Foreign),
            ("notlocalhost", Destination::Foreign),
            ("10.0.0.1:4566", Destination::Foreign),
            ("169.254.169.254", Destination::Foreign),
            ("amazonaws.com.evil.example", Destination::Foreign),
            ("evilamazonaws.com", Destination::Foreign),
            ("", Destination::Foreign),
        ];
        for (host, expected) in cases {
            assert_eq!(destination(host, &["extra.example".into()]), expected, "{host}");
        }
    }

    #[test]
    fn a_host_is_a_name_and_perhaps_a_port() {
        for host in ["localhost", "a-b_c.example.:80", "127.0.0.1:4566", "localhost:", "[::1]", "[::1]:4566"] {
            assert!(is_host(host), "{host}");
        }
        let none = [
            "",
            ":80",
            "a b",
            "a, b",
            "a@b",
            "a/b",
            "a?b",
            "a:b",
            "a:80:80",
            "a:+80",
            "[::1",
            "[::1]b",
            "[a]",
            "[]",
            "a[",
            "localhost\t",
            "é",
            "a%20b",
        ];
        for host in none {
            assert!(!is_host(host), "{host}");
        }
    }
}
