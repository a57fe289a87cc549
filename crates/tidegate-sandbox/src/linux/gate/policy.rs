//! Which addresses programs may reach through the gate.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// What may be reached outside of the sandbox's own network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    pub allow: Vec<SocketAddr>,
    pub resolvers: Vec<SocketAddr>,
}

impl Policy {
    /// Where names are asked for.
    pub fn resolvers(&self) -> &[SocketAddr] {
        &self.resolvers
    }

    /// The address to connect to in the host's network; `None` if the connection stays in the sandbox's.
    pub fn outside(&self, to: SocketAddr) -> Option<SocketAddr> {
        let to = SocketAddr::new(to.ip().to_canonical(), to.port());
        if self.allow.contains(&to) {
            return Some(to);
        }
        if to.ip().is_loopback() && to.port() == 53 {
            // Long answers to questions about names.
            return self.resolvers.first().copied();
        }
        (public(to.ip()) && !is_own(to)).then_some(to)
    }
}

/// Whether an address belongs to the internet as a whole: not to this machine, this network, or a special purpose.
/// After the registries of RFC 6890.
fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let special = |network: [u8; 4], bits: u32| {
        let mask = u32::MAX << (32 - bits);
        u32::from(address) & mask == u32::from(Ipv4Addr::from(network))
    };
    let networks = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 3),
    ];
    !networks.into_iter().any(|(network, bits)| special(network, bits))
}

/// Only what is given out as global unicast, and of that nothing that wraps another address.
fn public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let global = parts[0] & 0xe000 == 0x2000;
    let special =
        parts[0] == 0x2002 || (parts[0] == 0x2001 && (parts[1] < 0x200 || parts[1] == 0xdb8)) || parts[0] == 0x3fff;
    global && !special
}

/// Whether the address is one of this machine's: then the kernel would talk to itself, and so chooses the address
/// itself as the sender's. No packet is sent.
fn is_own(to: SocketAddr) -> bool {
    let any = if to.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let sender = UdpSocket::bind((any, 0)).and_then(|socket| socket.connect(to).and_then(|()| socket.local_addr()));
    sender.is_ok_and(|sender| sender.ip() == to.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let refused = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "3fff::1",
            "100::1",
        ];
        for address in refused {
            let address: IpAddr = address.parse().unwrap();
            assert!(!public(address.to_canonical()), "{address}");
        }
        for address in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00::1"]
        {
            assert!(public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn exceptions() {
        let policy =
            Policy { allow: vec!["127.0.0.1:5432".parse().unwrap()], resolvers: vec!["10.0.0.53:53".parse().unwrap()] };
        let outside = |to: &str| policy.outside(to.parse().unwrap()).map(|to| to.to_string());
        assert_eq!(outside("127.0.0.1:5432").as_deref(), Some("127.0.0.1:5432"));
        assert_eq!(outside("[::ffff:127.0.0.1]:5432").as_deref(), Some("127.0.0.1:5432"));
        assert_eq!(outside("127.0.0.1:5433"), None);
        assert_eq!(outside("127.0.0.1:53").as_deref(), Some("10.0.0.53:53"));
        assert_eq!(outside("10.0.0.53:53"), None);
        assert_eq!(outside("169.254.169.254:80"), None);
    }
}
