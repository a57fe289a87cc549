//! The way to other hosts: directly, or through the proxy that the user's own environment names, as companies have them.
//! `tidegate exec` puts Tidegate in front of its tools as their proxy; without this, tools behind such a proxy would be
//! cut off from their registries.

use super::connection::Stream;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::fmt;
use std::io;
use std::net::IpAddr;
use tidegate_wire::percent_decode;
use tokio::net::{TcpStream, lookup_host};

/// Which proxies lead to which hosts, by the variables that most tools read: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`
/// and `NO_PROXY`, in upper or lower case.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    tunnels: Option<Proxy>,
    plain: Option<Proxy>,
    direct: Vec<Rule>,
    refused: Vec<String>,
}

/// A proxy that is spoken to with HTTP.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Proxy {
    host: String,
    port: u16,
    authorization: Option<HeaderValue>,
}

/// Hosts that are reached directly.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    All,
    /// A name and everything below it, on one port or all.
    Name(String, Option<u16>),
    /// Addresses that begin with so many bits.
    Net(IpAddr, u8),
}

impl Proxies {
    /// Reads the variables through `variable`. A proxy on this machine's `own_port` is this server itself, as inside of
    /// `tidegate shell`, and leads nowhere.
    pub fn read(variable: impl Fn(&str) -> Option<String>, own_port: u16) -> Proxies {
        let value = |name: &str| {
            let both = [variable(name), variable(&name.to_ascii_lowercase())];
            both.into_iter().flatten().find(|value| !value.trim().is_empty())
        };
        let mut refused = Vec::new();
        let mut proxy = |name: &str| {
            let (name, text) = [name, "ALL_PROXY"].iter().find_map(|name| Some((*name, value(name)?)))?;
            match Proxy::parse(text.trim()) {
                Ok(proxy) => Some(proxy).filter(|proxy| !(is_loopback(&proxy.host) && proxy.port == own_port)),
                Err(why) => {
                    refused.push(format!("{name} is not used: {why}."));
                    None
                }
            }
        };
        let (tunnels, plain) = (proxy("HTTPS_PROXY"), proxy("HTTP_PROXY"));
        refused.dedup();
        let exceptions = value("NO_PROXY").unwrap_or_default();
        let direct = exceptions.split([',', ' ']).map(str::trim).filter(|rule| !rule.is_empty());
        Proxies { tunnels, plain, direct: direct.map(Rule::parse).collect(), refused }
    }

    /// What of the variables cannot be followed, for people.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.refused.iter().map(String::as_str)
    }

    /// The proxy for tunnels, without its password; for people.
    pub fn name(&self) -> Option<String> {
        self.tunnels.as_ref().or(self.plain.as_ref()).map(ToString::to_string)
    }

    /// A tunnel to a host.
    ///
    /// # Errors
    /// If it, or the proxy, cannot be reached, or if the proxy refuses.
    pub(super) async fn tunnel(&self, name: &str, port: u16) -> io::Result<Box<dyn Stream>> {
        match self.tunnels.as_ref().filter(|_| !self.is_direct(name, port)) {
            None => Ok(Box::new(direct(name, port).await?)),
            Some(proxy) => Ok(Box::new(proxy.connect(name, port).await?)),
        }
    }

    /// A connection for a plain request to a host, and the proxy if it is at the other end.
    ///
    /// # Errors
    /// If neither can be reached.
    pub(super) async fn plain(&self, name: &str, port: u16) -> io::Result<(TcpStream, Option<&Proxy>)> {
        match self.plain.as_ref().filter(|_| !self.is_direct(name, port)) {
            None => Ok((direct(name, port).await?, None)),
            Some(proxy) => Ok((proxy.dial().await?, Some(proxy))),
        }
    }

    /// Whether no proxy is asked for this host. Addresses that are never reached are among these, for [`direct`] to say so.
    fn is_direct(&self, name: &str, port: u16) -> bool {
        let ip = name.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
        is_loopback(name)
            || name.ends_with(".localhost")
            || ip.is_some_and(is_never_reached)
            || self.direct.iter().any(|rule| rule.covers(name, ip, port))
    }
}

impl Proxy {
    /// Reads `[http://][user:password@]host[:port][/]`.
    fn parse(text: &str) -> Result<Proxy, String> {
        let rest = match text.split_once("://") {
            None => text,
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some((scheme, _)) => return Err(format!("it names a proxy of the kind {scheme}, and only http is spoken")),
        };
        let rest = rest.split('/').next().unwrap_or_default();
        let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
        let authority: http::uri::Authority = place.parse().map_err(|_| "it names no host".to_owned())?;
        let authorization = user.map(|user| {
            let value = format!("Basic {}", STANDARD.encode(percent_decode(user).as_bytes()));
            let mut value = HeaderValue::from_str(&value).expect("base64 is visible ASCII");
            value.set_sensitive(true);
            value
        });
        let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
        Ok(Proxy { host, port: authority.port_u16().unwrap_or(80), authorization })
    }

    /// What it wants to see in each request.
    pub fn authorization(&self) -> Option<HeaderValue> {
        self.authorization.clone()
    }

    async fn dial(&self) -> io::Result<TcpStream> {
        let unreachable = |e: io::Error| io::Error::new(e.kind(), format!("the proxy {self} cannot be reached: {e}"));
        direct(&self.host, self.port).await.map_err(unreachable)
    }

    async fn connect(&self, name: &str, port: u16) -> io::Result<TokioIo<hyper::upgrade::Upgraded>> {
        let stream = self.dial().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // It ends with the tunnel.
        tokio::spawn(connection.with_upgrades());
        let authority = host_and_port(name, port);
        let mut request = Request::new(Empty::<Bytes>::new());
        *request.method_mut() = Method::CONNECT;
        *request.uri_mut() = authority.parse::<Uri>().map_err(io::Error::other)?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_str(&authority).map_err(io::Error::other)?);
        headers.extend(self.authorization().map(|value| (header::PROXY_AUTHORIZATION, value)));
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        if !answer.status().is_success() {
            return Err(io::Error::other(format!("the proxy {self} answered {}", answer.status())));
        }
        Ok(TokioIo::new(hyper::upgrade::on(answer).await.map_err(io::Error::other)?))
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&host_and_port(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl Rule {
    fn parse(text: &str) -> Rule {
        let text = text.to_ascii_lowercase();
        if text == "*" {
            return Rule::All;
        }
        let net = text.split_once('/').and_then(|(ip, bits)| Some((ip.parse().ok()?, bits.parse().ok()?)));
        if let Some((ip, bits)) = net {
            return Rule::Net(ip, bits);
        }
        if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Rule::Net(ip, if ip.is_ipv4() { 32 } else { 128 });
        }
        let port = text.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?)));
        let (name, port) = port.map_or((text.as_str(), None), |(name, port)| (name, Some(port)));
        Rule::Name(name.trim_start_matches("*.").trim_start_matches('.').to_owned(), port)
    }

    fn covers(&self, name: &str, ip: Option<IpAddr>, port: u16) -> bool {
        match self {
            Rule::All => true,
            Rule::Name(suffix, only) => {
                let below =
                    name.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && only.is_none_or(|only| only == port)
            }
            Rule::Net(net, bits) => ip.is_some_and(|ip| begins_alike(*net, ip, *bits)),
        }
    }
}

fn begins_alike(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    let differing = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => u128::from(one.to_bits() ^ other.to_bits()) << 96,
        (IpAddr::V6(one), IpAddr::V6(other)) => one.to_bits() ^ other.to_bits(),
        _ => return false,
    };
    differing.leading_zeros() >= u32::from(bits)
}

/// `host:port`, with brackets around IPv6 addresses.
pub(super) fn host_and_port(name: &str, port: u16) -> String {
    if name.contains(':') { format!("[{name}]:{port}") } else { format!("{name}:{port}") }
}

/// Connects to another host, but never to a link-local address: there, clouds give a machine's own credentials to
/// whoever asks, and tools inside `tidegate exec` must find Tidegate's only.
async fn direct(name: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::PermissionDenied, "link-local addresses are not reached");
    for address in lookup_host((name, port)).await?.filter(|address| !is_never_reached(address.ip())) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn is_never_reached(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unspecified(),
    }
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        let find = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Proxies::read(find, 4566)
    }

    #[test]
    fn reads_the_usual_variables() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
        let cases: &[Case] = &[
            (&[], None, None),
            (&[("HTTPS_PROXY", "http://proxy.corp:3128")], Some("proxy.corp:3128"), None),
            (&[("https_proxy", "proxy.corp:3128/")], Some("proxy.corp:3128"), None),
            (&[("HTTPS_PROXY", " "), ("https_proxy", "HTTP://Proxy")], Some("proxy:80"), None),
            (&[("HTTP_PROXY", "http://a:1"), ("HTTPS_PROXY", "http://b:2")], Some("b:2"), Some("a:1")),
            (&[("all_proxy", "http://[::1]:8080")], Some("[::1]:8080"), Some("[::1]:8080")),
            (&[("HTTPS_PROXY", "http://127.0.0.1:4566"), ("http_proxy", "http://localhost:4566")], None, None),
        ];
        for (variables, tunnels, plain) in cases {
            let read = proxies(variables);
            let shown = |proxy: &Option<Proxy>| proxy.as_ref().map(ToString::to_string);
            assert_eq!(
                (shown(&read.tunnels).as_deref(), shown(&read.plain).as_deref()),
                (*tunnels, *plain),
                "{variables:?}"
            );
            assert_eq!(read.warnings().count(), 0, "{variables:?}");
        }
    }

    #[test]
    fn says_what_it_cannot_follow() {
        for (value, why) in [
            ("socks5://proxy:1080", "HTTPS_PROXY is not used: it names a proxy of the kind socks5"),
            ("https://proxy", "of the kind https"),
            ("http://", "names no host"),
            ("http://a b", "names no host"),
        ] {
            let read = proxies(&[("HTTPS_PROXY", value)]);
            assert!(read.tunnels.is_none() && read.warnings().any(|warning| warning.contains(why)), "{read:?}");
        }
    }

    #[test]
    fn keeps_passwords_to_itself() {
        let read = proxies(&[("HTTPS_PROXY", "http://me:p%40ss@proxy.corp:3128")]);
        let proxy = read.tunnels.as_ref().expect("a proxy");
        // RFC 7617: base64 of `me:p@ss`.
        assert_eq!(proxy.authorization().expect("a password"), "Basic bWU6cEBzcw==");
        let shown = format!("{read:?} {proxy} {:?}", read.name());
        assert!(!shown.contains("p%40ss") && !shown.contains("bWU6"), "{shown}");
    }

    #[test]
    fn knows_whom_to_reach_directly() {
        let read = proxies(&[
            ("HTTPS_PROXY", "http://proxy:1"),
            ("NO_PROXY", "corp.example, .lan,*.wild.example,10.0.0.0/8,fd00::/8,192.0.2.7,host:8443"),
        ]);
        let cases = [
            ("corp.example", 443, true),
            ("a.corp.example", 443, true),
            ("notcorp.example", 443, false),
            ("x.lan", 1, true),
            ("a.wild.example", 1, true),
            ("10.1.2.3", 443, true),
            ("11.1.2.3", 443, false),
            ("fd12::1", 443, true),
            ("fe12::1", 443, false),
            ("192.0.2.7", 443, true),
            ("192.0.2.8", 443, false),
            ("host", 8443, true),
            ("host", 443, false),
            ("localhost", 443, true),
            ("a.localhost", 443, true),
            ("127.0.0.9", 443, true),
            ("::1", 443, true),
            // Never left to a proxy: it might know a way.
            ("169.254.169.254", 80, true),
            ("::ffff:169.254.169.254", 80, true),
            ("packages.example.org", 443, false),
        ];
        for (name, port, direct) in cases {
            assert_eq!(read.is_direct(name, port), direct, "{name}:{port}");
        }
        assert!(proxies(&[("NO_PROXY", "*")]).is_direct("packages.example.org", 443));
    }
}
