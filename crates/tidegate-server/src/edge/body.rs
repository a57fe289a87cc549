//! Reading a request's body within limits: its size, and how slow its sender may be.

use super::limits::{BODY_GRACE, BODY_IDLE_TIMEOUT, BODY_RATE_MIN};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use tokio::time::{Instant, timeout};

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than allowed.
    TooLarge,
    /// Its sender is too slow.
    TooSlow,
    /// Its framing is broken, or the sender went away.
    Broken,
}

/// The whole body, at most `max` bytes.
pub async fn read(mut body: Incoming, max: usize) -> Result<Bytes, BodyError> {
    let announced = body.size_hint().lower();
    if announced > max as u64 {
        return Err(BodyError::TooLarge);
    }
    let Some(first) = next(&mut body).await? else { return Ok(Bytes::new()) };
    if body.is_end_stream() {
        return if first.len() > max { Err(BodyError::TooLarge) } else { Ok(first) };
    }
    collect(body, first, announced as usize, max).await
}

async fn collect(mut body: Incoming, first: Bytes, announced: usize, max: usize) -> Result<Bytes, BodyError> {
    let began = Instant::now();
    // What is announced is not trusted with more than 1 MiB at once.
    let mut whole = BytesMut::with_capacity(announced.clamp(first.len(), 1 << 20));
    whole.extend_from_slice(&first);
    while let Some(piece) = next(&mut body).await? {
        if whole.len() + piece.len() > max {
            return Err(BodyError::TooLarge);
        }
        whole.extend_from_slice(&piece);
        let elapsed = began.elapsed();
        if elapsed > BODY_GRACE && (whole.len() as u64) < BODY_RATE_MIN * elapsed.as_secs() {
            return Err(BodyError::TooSlow);
        }
    }
    Ok(whole.freeze())
}

/// The next piece of data; trailers are passed over.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, BodyError> {
    loop {
        // Most bodies are there already: no clock is needed for them.
        let mut frame = body.frame();
        let frame = match poll_fn(|cx| Poll::Ready(Pin::new(&mut frame).poll(cx))).await {
            Poll::Ready(frame) => frame,
            Poll::Pending => timeout(BODY_IDLE_TIMEOUT, frame).await.map_err(|_| BodyError::TooSlow)?,
        };
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(BodyError::Broken),
            Some(Ok(frame)) => {
                if let Ok(piece) = frame.into_data() {
                    return Ok(Some(piece));
                }
            }
        }
    }
}
