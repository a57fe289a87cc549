//! Names: questions that programs ask at the sandbox's own address are passed on to the host's resolvers.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};

/// Most questions on their way; the oldest is forgotten for a new one, and its program asks again.
const QUESTIONS_MAX: usize = 64;
/// Longest datagram: the largest size that clients announce (RFC 6891) and more.
const DATAGRAM_BYTES_MAX: usize = 8192;

/// Passes datagrams to and fro.
pub(super) struct Relay {
    inside: UdpSocket,
    resolvers: Vec<SocketAddr>,
    /// The next resolver's turn, so that a program that asks again asks another one.
    turn: usize,
    open: VecDeque<Question>,
}

/// A question on its way. Its own socket has a port that nobody can guess.
struct Question {
    socket: UdpSocket,
    from: SocketAddr,
}

impl Relay {
    /// Answers at `inside`.
    pub fn new(inside: UdpSocket, resolvers: Vec<SocketAddr>) -> io::Result<Relay> {
        inside.set_nonblocking(true)?;
        Ok(Relay { inside, resolvers, turn: 0, open: VecDeque::new() })
    }

    /// What to wait for.
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        [self.inside.as_fd()].into_iter().chain(self.open.iter().map(|question| question.socket.as_fd()))
    }

    /// Passes on what is there, in the order of [`Relay::fds`]. What goes wrong is lost, as datagrams are.
    pub fn serve(&mut self, ready: &[bool]) {
        let mut answered = ready.iter().skip(1).chain([&false].into_iter().cycle());
        let inside = &self.inside;
        self.open.retain(|question| {
            let answered = answered.next() == Some(&true);
            if answered {
                let _ = question.answer(inside);
            }
            !answered
        });
        if ready.first() == Some(&true) {
            let _ = self.ask();
        }
    }

    fn ask(&mut self) -> io::Result<()> {
        let mut datagram = [0; DATAGRAM_BYTES_MAX];
        let (length, from) = self.inside.recv_from(&mut datagram)?;
        self.turn = self.turn.wrapping_add(1);
        let to = self.resolvers.get(self.turn % self.resolvers.len().max(1)).ok_or(io::ErrorKind::NotFound)?;
        let socket = UdpSocket::bind(if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" })?;
        socket.set_nonblocking(true)?;
        socket.connect(to)?;
        socket.send(&datagram[..length])?;
        if self.open.len() >= QUESTIONS_MAX {
            self.open.pop_front();
        }
        self.open.push_back(Question { socket, from });
        Ok(())
    }
}

impl Question {
    fn answer(&self, inside: &UdpSocket) -> io::Result<()> {
        let mut datagram = [0; DATAGRAM_BYTES_MAX];
        let length = self.socket.recv(&mut datagram)?;
        inside.send_to(&datagram[..length], self.from).map(drop)
    }
}
