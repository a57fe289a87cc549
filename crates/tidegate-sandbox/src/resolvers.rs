//! Where the host resolves names.

use std::net::SocketAddr;

/// The resolvers that the host's `/etc/resolv.conf` names, for [`crate::Outward::resolvers`].
pub fn host_resolvers() -> Vec<SocketAddr> {
    nameservers(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default())
}

/// The addresses of the `nameserver` lines (resolv.conf(5)).
fn nameservers(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        let address = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        Some(SocketAddr::new(address.parse().ok()?, 53))
    };
    text.lines().filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text =
            "# comment\nnameserver 10.0.0.2\nnameserver\t::1 # x\noptions edns0\nnameserver\nnameserver x\nsearch a\n";
        let found: Vec<String> = nameservers(text).iter().map(SocketAddr::to_string).collect();
        assert_eq!(found, ["10.0.0.2:53", "[::1]:53"]);
    }
}
