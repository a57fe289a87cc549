//! Sockets by which programs of a sandbox reach the server.

use crate::spec::{Listen, Transport};
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;

/// A socket that the server answers on for the programs of one sandbox.
#[derive(Debug)]
pub struct Listener {
    /// What was asked for.
    pub listen: Listen,
    /// Where programs reach it; differs from `listen` where there is no network namespace.
    pub reached_at: SocketAddr,
    /// The socket itself, in blocking mode.
    pub socket: ListenerSocket,
}

/// The two kinds of [`Listener`].
#[derive(Debug)]
pub enum ListenerSocket {
    /// A TCP listener.
    Tcp(TcpListener),
    /// A UDP socket.
    Udp(UdpSocket),
}

impl Listener {
    /// A socket that was opened in the sandbox's own network.
    pub(crate) fn inside(listen: Listen, socket: OwnedFd) -> Listener {
        let socket = match listen.transport {
            Transport::Tcp => ListenerSocket::Tcp(socket.into()),
            Transport::Udp => ListenerSocket::Udp(socket.into()),
        };
        Listener { listen, reached_at: listen.address.into(), socket }
    }

    /// Without a network of its own: a free port of the host's loopback address.
    pub(crate) fn on_host(listen: &Listen) -> io::Result<Listener> {
        let (reached_at, socket) = match listen.transport {
            Transport::Tcp => {
                let socket = TcpListener::bind("127.0.0.1:0")?;
                (socket.local_addr()?, ListenerSocket::Tcp(socket))
            }
            Transport::Udp => {
                let socket = UdpSocket::bind("127.0.0.1:0")?;
                (socket.local_addr()?, ListenerSocket::Udp(socket))
            }
        };
        Ok(Listener { listen: *listen, reached_at, socket })
    }
}
