//! The byte form of messages between the server and a sandbox's supervisor. Both ends are the same binary, so there is
//! no versioning; but the reader checks every length, because a program may one day find a way to the socket.

use std::ffi::{OsStr, OsString};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Collects the bytes of one message.
#[derive(Default)]
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.u8(u8::from(value))
    }
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.u32(u32::try_from(value.len()).unwrap_or(u32::MAX)).0.extend(value);
        self
    }
    pub fn os(&mut self, value: &OsStr) -> &mut Self {
        self.bytes(value.as_bytes())
    }
    pub fn path(&mut self, value: &Path) -> &mut Self {
        self.os(value.as_os_str())
    }
    pub fn address(&mut self, value: SocketAddrV4) -> &mut Self {
        self.u32(value.ip().to_bits()).u32(value.port().into())
    }
    pub fn socket_address(&mut self, value: &SocketAddr) -> &mut Self {
        self.bytes(value.to_string().as_bytes())
    }
    /// A list: its length, then each item as `put` writes it.
    pub fn list<T>(&mut self, items: &[T], mut put: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.u32(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.iter().for_each(|item| put(self, item));
        self
    }
}

/// Reads the bytes of one message; `None` when they end early or make no sense.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }
    pub fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }
    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
    pub fn bool(&mut self) -> Option<bool> {
        Some(self.u8()? != 0)
    }
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.u32()?;
        self.take(usize::try_from(count).ok()?)
    }
    pub fn os(&mut self) -> Option<OsString> {
        Some(OsString::from_vec(self.bytes()?.to_vec()))
    }
    pub fn path(&mut self) -> Option<PathBuf> {
        self.os().map(PathBuf::from)
    }
    pub fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }
    pub fn address(&mut self) -> Option<SocketAddrV4> {
        Some(SocketAddrV4::new(Ipv4Addr::from_bits(self.u32()?), u16::try_from(self.u32()?).ok()?))
    }
    pub fn socket_address(&mut self) -> Option<SocketAddr> {
        self.text()?.parse().ok()
    }
    /// A list as [`Writer::list`] wrote it.
    pub fn list<T>(&mut self, mut get: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        // Grown step by step, not reserved: the count is not yet known to be true.
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(get(self)?);
        }
        Some(items)
    }
}
