//! The sandbox's own network: loopback, addresses on it, and listeners for the server.

use crate::spec::{Listen, Transport};
use crate::sys::check;
use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};

/// In a new network namespace: brings the loopback interface up and opens the listeners.
pub(crate) fn set_up(listen: &[Listen]) -> io::Result<Vec<OwnedFd>> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    bring_up(&socket)?;
    let mut addresses: Vec<Ipv4Addr> = listen.iter().map(|listen| *listen.address.ip()).collect();
    addresses.retain(|address| !address.is_loopback() && !address.is_unspecified());
    addresses.sort_unstable();
    addresses.dedup();
    for (number, address) in addresses.iter().enumerate() {
        add_address(&socket, number, *address)?;
    }
    listen.iter().map(open).collect()
}

fn open(listen: &Listen) -> io::Result<OwnedFd> {
    Ok(match listen.transport {
        Transport::Tcp => TcpListener::bind(listen.address)?.into(),
        Transport::Udp => UdpSocket::bind(listen.address)?.into(),
    })
}

fn request(name: &str) -> libc::ifreq {
    // SAFETY: an all-zero ifreq is valid: an empty name and zero in the union.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    // The names used here are shorter than the field, so its last byte stays NUL.
    request.ifr_name.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from as libc::c_char);
    request
}

fn bring_up(socket: &UdpSocket) -> io::Result<()> {
    let mut request = request("lo");
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: the request is of the type that this ioctl takes and outlives the call.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) }).map(drop)
}

fn add_address(socket: &UdpSocket, number: usize, address: Ipv4Addr) -> io::Result<()> {
    let mut request = request(&format!("lo:{number}"));
    let set = |request: &mut libc::ifreq, address: Ipv4Addr, code: libc::c_ulong| {
        let inet = libc::sockaddr_in {
            sin_family: libc::AF_INET as libc::sa_family_t,
            sin_port: 0,
            sin_addr: libc::in_addr { s_addr: u32::from(address).to_be() },
            sin_zero: [0; 8],
        };
        // SAFETY: sockaddr_in and sockaddr are of the same size and both plain data; the request outlives the call.
        unsafe {
            request.ifr_ifru.ifru_addr = std::mem::transmute::<libc::sockaddr_in, libc::sockaddr>(inet);
            check(libc::ioctl(socket.as_raw_fd(), code as _, std::ptr::from_ref(request))).map(drop)
        }
    };
    set(&mut request, address, libc::SIOCSIFADDR as _)?;
    // Without this the kernel assumes the address class's mask and takes a whole network for local.
    set(&mut request, Ipv4Addr::BROADCAST, libc::SIOCSIFNETMASK as _)
}
