//! The end of a connection that the server ends while its client may still be sending: a system that closes a socket with
//! unread bytes resets the connection, and the client may lose the answer that says why (RFC 9112 §9.6).

use super::limits::{LINGER_BYTES_MAX, LINGER_TIMEOUT};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Reads what still comes, within limits, and drops it.
pub struct Linger {
    left: usize,
    /// Whether more is expected than what has come already.
    expects_more: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Linger {
    /// For a stream whose own end has been shut down. If the client is not known to be sending, only that bytes of it are
    /// there is a reason to wait.
    pub fn new(is_sending: bool) -> Linger {
        Linger { left: LINGER_BYTES_MAX, expects_more: is_sending, timer: None }
    }

    /// Ready once the client has ended the stream, or has had enough time or bytes for that.
    pub fn poll(&mut self, stream: &mut (impl AsyncRead + Unpin), cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 4096];
        while self.left > 0 {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.left = self.left.saturating_sub(buffer.filled().len());
                    self.expects_more = true;
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending if !self.expects_more => return Poll::Ready(()),
                Poll::Pending => {
                    return self.timer.get_or_insert_with(|| Box::pin(sleep(LINGER_TIMEOUT))).as_mut().poll(cx);
                }
            }
        }
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncWriteExt, DuplexStream, duplex};

    fn in_runtime(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("threads are not needed").block_on(test);
    }

    async fn is_ready(linger: &mut Linger, stream: &mut DuplexStream) -> bool {
        std::future::poll_fn(|cx| Poll::Ready(linger.poll(stream, cx).is_ready())).await
    }

    #[test]
    fn an_idle_client_is_not_waited_for() {
        in_runtime(async {
            let (_client, mut server) = duplex(100);
            assert!(is_ready(&mut Linger::new(false), &mut server).await);
            assert!(!is_ready(&mut Linger::new(true), &mut server).await);
        });
    }

    #[test]
    fn a_client_that_sends_is_waited_for() {
        in_runtime(async {
            let (mut client, mut server) = duplex(10_000);
            let mut linger = Linger::new(false);
            for _ in 0..3 {
                client.write_all(&[0; 10_000]).await.expect("there is room");
                assert!(!is_ready(&mut linger, &mut server).await);
            }
            drop(client);
            assert!(is_ready(&mut linger, &mut server).await);
        });
    }

    #[test]
    fn a_client_that_never_ends_is_left() {
        in_runtime(async {
            let (mut client, mut server) = duplex(LINGER_BYTES_MAX);
            client.write_all(&vec![0; LINGER_BYTES_MAX]).await.expect("there is room");
            let mut linger = Linger::new(true);
            std::future::poll_fn(|cx| linger.poll(&mut server, cx)).await;
        });
    }
}
