//! A stream that HTTP is served on, of which nothing is passed on that two programs could read in two ways: from the first
//! violation of [`Framing`] on, the HTTP library gets what it answers with 400, and then nothing more.

use super::framing::{Framing, Refused};
use super::linger::Linger;
use super::pace::Pace;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Put in place of the rest of a head, it makes a head that is whole, and that no parser of HTTP takes: NUL is allowed
/// nowhere in it.
const BROKEN_END: &[u8] = b"\0\r\n\r\n";

/// A stream, and how far its requests have been read.
pub struct Strict<S> {
    stream: S,
    pace: Arc<Pace>,
    framing: Framing,
    refusal: Option<Refusal>,
    /// After this end of the stream has been shut down.
    linger: Option<Linger>,
}

/// What is left to be read of a stream that is not passed on any more.
enum Refusal {
    /// These bytes, and then nothing.
    Head(&'static [u8]),
    /// An error: the request has begun already, and whoever reads its body answers it.
    Body(Refused),
}

impl<S> Strict<S> {
    /// Nothing of the stream has been read. Its pace is told what is sent.
    pub fn new(stream: S, pace: Arc<Pace>) -> Strict<S> {
        Strict { stream, pace, framing: Framing::new(), refusal: None, linger: None }
    }
}

impl Refusal {
    fn of(refused: Refused) -> Refusal {
        tracing::debug!(why = %refused.why, "a connection is ended for its framing");
        if refused.in_head { Refusal::Head(BROKEN_END) } else { Refusal::Body(refused) }
    }

    fn read(&mut self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        match self {
            Refusal::Head(left) => {
                let (now, later) = left.split_at(left.len().min(buffer.remaining()));
                buffer.put_slice(now);
                *left = later;
                Ok(())
            }
            Refusal::Body(refused) => Err(io::Error::new(io::ErrorKind::InvalidData, refused.why)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Strict<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if let Some(refusal) = &mut this.refusal {
            return Poll::Ready(refusal.read(buffer));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        let Err(refused) = this.framing.read(&buffer.filled()[before..]) else { return Poll::Ready(Ok(())) };
        buffer.set_filled(before + refused.at);
        let refusal = this.refusal.insert(Refusal::of(refused));
        // No bytes would mean the stream's end.
        Poll::Ready(if refused.at > 0 { Ok(()) } else { refusal.read(buffer) })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Strict<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes));
        self.pace.progress();
        Poll::Ready(sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, pieces));
        self.pace.progress();
        Poll::Ready(sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        }
        // Who reads a tunnel's other end, or HTTP/2, still does.
        if this.framing.is_other() {
            return Poll::Ready(Ok(()));
        }
        let linger =
            this.linger.get_or_insert_with(|| Linger::new(this.framing.is_amid_request() || this.refusal.is_some()));
        linger.poll(&mut this.stream, cx).map(Ok)
    }
}

#[cfg(test)]
#[path = "strict_tests.rs"]
mod tests;
