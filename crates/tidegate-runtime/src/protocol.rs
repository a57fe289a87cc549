//! Frames between the server and a bootstrap: `u32` little-endian size of the rest, one byte kind, body.
//! `runtimes/README.md` describes each kind. The other side is the user's code: nothing it sends is trusted.

use crate::limits;
use bytes::{Buf, Bytes, BytesMut};
use serde::Serialize;
use std::io;
use tokio::net::unix::pipe::{Receiver, Sender};

/// To the runtime: take the function over.
const INIT: u8 = 1;
/// To the runtime: run the handler once.
const INVOKE: u8 = 2;

/// What a bootstrap says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Started, and ready to be given a function. Python names the modules that it has loaded.
    Ready(Bytes),
    /// The handler is loaded.
    InitDone,
    /// The handler could not be loaded; the error object.
    InitError(Bytes),
    /// The invocation's response.
    Response(Bytes),
    /// The invocation's error object.
    Error(Bytes),
    /// A response larger than any may be; its bytes were thrown away.
    TooLarge,
}

/// A frame of a kind that no bootstrap sends: the function wrote to the channel itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownKind(pub u8);

/// Cuts frames out of what arrives.
#[derive(Default)]
pub(crate) struct Frames {
    buffer: BytesMut,
    /// Bytes of an oversized frame that are still to come.
    skip: usize,
}

impl Frames {
    /// The next frame; `None` after the other side closed. May be dropped while waiting without losing anything.
    pub async fn next(&mut self, channel: &Receiver) -> io::Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.cut().map_err(|kind| io::Error::other(format!("frame of kind {}", kind.0)))? {
                return Ok(Some(frame));
            }
            channel.readable().await?;
            match channel.try_read_buf(&mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// A whole frame out of the buffer, if there is one.
    pub fn cut(&mut self) -> Result<Option<Frame>, UnknownKind> {
        if self.skip > 0 {
            let skipped = self.skip.min(self.buffer.len());
            self.buffer.advance(skipped);
            self.skip -= skipped;
            return Ok((self.skip == 0).then_some(Frame::TooLarge));
        }
        let Some(size) = self.size() else {
            self.buffer.reserve(limits::READ_BYTES);
            return Ok(None);
        };
        if size > limits::RESPONSE_BYTES_MAX + 1 {
            self.buffer.advance(4);
            self.skip = size;
            return self.cut();
        }
        if self.buffer.len() < 4 + size {
            self.buffer.reserve(4 + size - self.buffer.len());
            return Ok(None);
        }
        let mut frame = self.buffer.split_to(4 + size).freeze();
        frame.advance(4);
        parse(frame).map(Some)
    }

    fn size(&self) -> Option<usize> {
        let head = self.buffer.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*head) as usize)
    }

    /// Adds what has arrived by another way than the pipe.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }
}

fn parse(mut frame: Bytes) -> Result<Frame, UnknownKind> {
    let Some(kind) = frame.first().copied() else { return Err(UnknownKind(0)) };
    frame.advance(1);
    match kind {
        16 => Ok(Frame::Ready(frame)),
        17 => Ok(Frame::InitDone),
        18 => Ok(Frame::InitError(frame)),
        19 => Ok(Frame::Response(frame)),
        20 => Ok(Frame::Error(frame)),
        other => Err(UnknownKind(other)),
    }
}

/// What a bootstrap needs to take a function over.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Init<'a> {
    /// The whole environment, for a process that was started before its function was known.
    pub variables: Option<&'a std::collections::BTreeMap<String, String>>,
    /// The configured handler.
    pub handler: &'a str,
    /// Where the code is, as the process sees it.
    pub task_root: &'a str,
    /// Where the layers are, as the process sees it.
    pub opt_root: &'a str,
    /// `Text` or `JSON`.
    pub log_format: &'a str,
    /// Least level of the function's lines, if they are filtered.
    pub log_level: Option<&'a str>,
    /// The major version that the function was made for, which decides what its runtime offers.
    pub major: u16,
}

impl Init<'_> {
    /// The frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let body = serde_json::to_vec(self).expect("text keys and text values always serialize");
        let mut frame = Vec::with_capacity(body.len() + 5);
        frame.extend_from_slice(&(body.len() as u32 + 1).to_le_bytes());
        frame.push(INIT);
        frame.extend_from_slice(&body);
        frame
    }
}

/// What a bootstrap needs to know of an invocation beside its event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invoke<'a> {
    /// The request id.
    pub request_id: &'a str,
    /// When the invocation's time is up, in milliseconds since 1970.
    pub deadline_ms: u64,
    /// The ARN as the caller spelled it.
    pub function_arn: &'a str,
    /// The major version that the function was made for.
    pub major: u16,
    /// `_X_AMZN_TRACE_ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<&'a str>,
    /// JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_context: Option<&'a str>,
    /// JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cognito_identity: Option<&'a str>,
    /// Variables that changed: renewed credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<&'a std::collections::BTreeMap<String, String>>,
}

impl Invoke<'_> {
    /// The frame's bytes up to the event, which follows as it is.
    pub fn encode(&self, payload_bytes: usize) -> Vec<u8> {
        let mut frame = Vec::with_capacity(512);
        frame.extend_from_slice(&[0; 4]);
        frame.push(INVOKE);
        frame.extend_from_slice(&[0; 4]);
        serde_json::to_writer(&mut frame, self).expect("text members always serialize, and a Vec takes them");
        let meta = (frame.len() - 9) as u32;
        let size = (frame.len() - 4 + payload_bytes) as u32;
        frame[..4].copy_from_slice(&size.to_le_bytes());
        frame[5..9].copy_from_slice(&meta.to_le_bytes());
        frame
    }
}

/// Writes what the kernel takes at once of two buffers; the number of bytes.
pub(crate) fn try_write(channel: &Sender, head: &[u8], tail: &[u8]) -> usize {
    channel.try_write_vectored(&[io::IoSlice::new(head), io::IoSlice::new(tail)]).unwrap_or(0)
}

/// Writes two buffers, of which some bytes are sent already.
pub(crate) async fn write(channel: &Sender, head: &[u8], tail: &[u8], mut sent: usize) -> io::Result<()> {
    while sent < head.len() + tail.len() {
        channel.writable().await?;
        let (head, tail) = (&head[sent.min(head.len())..], &tail[sent.saturating_sub(head.len())..]);
        match channel.try_write_vectored(&[io::IoSlice::new(head), io::IoSlice::new(tail)]) {
            Ok(written) => sent += written,
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => {}
            Err(why) => return Err(why),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = (body.len() as u32 + 1).to_le_bytes().to_vec();
        bytes.push(kind);
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn cuts_frames_wherever_they_were_torn() {
        let stream = [frame(16, b""), frame(17, b""), frame(19, b"{\"a\":1}"), frame(20, b"no")].concat();
        let expected = vec![
            Frame::Ready(Bytes::new()),
            Frame::InitDone,
            Frame::Response(Bytes::from_static(b"{\"a\":1}")),
            Frame::Error(Bytes::from_static(b"no")),
        ];
        for step in 1..stream.len() {
            let mut frames = Frames::default();
            let mut seen = Vec::new();
            for chunk in stream.chunks(step) {
                frames.feed(chunk);
                while let Some(frame) = frames.cut().expect("all kinds are known") {
                    seen.push(frame);
                }
            }
            assert_eq!(seen, expected, "in steps of {step}");
        }
    }

    #[test]
    fn throws_away_what_is_too_large() {
        let mut frames = Frames::default();
        let large = frame(19, &vec![b'x'; limits::RESPONSE_BYTES_MAX + 1]);
        let mut seen = Vec::new();
        for chunk in [large, frame(17, b"")].concat().chunks(1 << 16) {
            frames.feed(chunk);
            assert!(frames.buffer.len() <= (1 << 16) + 5, "nothing of it is kept");
            while let Some(frame) = frames.cut().expect("all kinds are known") {
                seen.push(frame);
            }
        }
        assert_eq!(seen, [Frame::TooLarge, Frame::InitDone]);
    }

    #[test]
    fn refuses_unknown_kinds() {
        for (bytes, kind) in [(frame(99, b""), 99), (frame(1, b""), 1), (0u32.to_le_bytes().to_vec(), 0)] {
            let mut frames = Frames::default();
            frames.feed(&bytes);
            assert_eq!(frames.cut(), Err(UnknownKind(kind)));
        }
    }

    #[test]
    fn the_head_of_an_invocation_counts_its_payload() {
        let meta = Invoke {
            request_id: "r",
            deadline_ms: 5,
            function_arn: "arn",
            major: 20,
            trace_id: None,
            client_context: None,
            cognito_identity: None,
            variables: None,
        };
        let head = meta.encode(10);
        let json = br#"{"requestId":"r","deadlineMs":5,"functionArn":"arn","major":20}"#;
        assert_eq!(&head[..4], ((1 + 4 + json.len() + 10) as u32).to_le_bytes());
        assert_eq!(head[4], INVOKE);
        assert_eq!(&head[9..], json);
    }

    proptest! {
        #[test]
        fn never_panics(chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..16)) {
            let mut frames = Frames::default();
            for chunk in chunks {
                frames.feed(&chunk);
                while let Ok(Some(_)) = frames.cut() {}
            }
        }
    }
}
