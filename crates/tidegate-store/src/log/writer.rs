//! Appending to the log.

use super::{
    DIR, Header,
    header::{HEADER_BYTES, record_bytes},
};
use crate::{
    Error,
    storage::{File, Storage},
};
use std::sync::Arc;

/// A file whose records are no longer needed, once what they hold is in a run.
#[derive(Debug, Clone)]
pub(crate) struct Retired {
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
}

struct Segment {
    name: String,
    file: Arc<dyn File>,
    /// Where the next record goes.
    at: u64,
    /// How far the file is filled.
    room: u64,
}

/// The end of the log.
pub(crate) struct LogWriter {
    storage: Arc<dyn Storage>,
    salt: u64,
    /// The number of the current segment, or of the next one if there is none.
    number: u64,
    /// The sequence number of the last record on disk.
    sequence: u64,
    marked: u64,
    segment: Option<Segment>,
    /// By how much a file grows.
    step_bytes: u64,
    buffer: Vec<u8>,
}

impl LogWriter {
    pub(crate) fn new(storage: Arc<dyn Storage>, salt: u64, number: u64, sequence: u64, step_bytes: u64) -> LogWriter {
        let (marked, buffer) = (sequence, Vec::new());
        LogWriter { storage, salt, number, sequence, marked, segment: None, step_bytes, buffer }
    }

    /// The sequence number of the last record on disk.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Bytes of the current segment.
    pub(crate) fn segment_bytes(&self) -> u64 {
        self.segment.as_ref().map_or(0, |s| s.at)
    }

    /// Writes a record; returns once it is on disk. `reuse` may give a file that is free.
    ///
    /// # Errors
    /// If the error [is full](Error::is_full), nothing of the record counts and the log can go on; after any other
    /// error it must not be written again.
    pub(crate) fn append(&mut self, payload: &[u8], reuse: impl FnOnce() -> Option<Retired>) -> Result<(), Error> {
        let payload_len = u32::try_from(payload.len()).map_err(|_| Error::TooLarge {
            what: "a group of changes",
            size_bytes: payload.len(),
            size_bytes_max: u32::MAX as usize,
        })?;
        let header = Header {
            mark: false,
            payload_len,
            segment: self.number,
            sequence: self.sequence + 1,
            payload_sum: crc32fast::hash(payload),
        };
        self.buffer.clear();
        self.buffer.extend_from_slice(&header.encode(self.salt));
        self.buffer.extend_from_slice(payload);
        self.buffer.resize(record_bytes(payload.len()), 0);
        self.start_segment(reuse)?;
        self.write()?;
        self.sequence += 1;
        self.release_memory();
        Ok(())
    }

    fn start_segment(&mut self, reuse: impl FnOnce() -> Option<Retired>) -> Result<(), Error> {
        if self.segment.is_some() {
            return Ok(());
        }
        if let Some(free) = reuse() {
            let path = format!("{DIR}/{}", free.name);
            let file = self.storage.open(&path).map_err(|e| Error::io(path, e))?;
            self.segment = Some(Segment { name: free.name, file, at: 0, room: free.size_bytes });
            return Ok(());
        }
        let name = format!("{:012}.log", self.number);
        let path = format!("{DIR}/{name}");
        let file = self.storage.create(&path).map_err(|e| Error::io(&path, e))?;
        self.storage.sync_dir(DIR).map_err(|e| Error::io(DIR, not_full(e)))?;
        self.segment = Some(Segment { name, file, at: 0, room: 0 });
        Ok(())
    }

    fn write(&mut self) -> Result<(), Error> {
        let Some(segment) = &mut self.segment else { return Err(Error::Closed) };
        let fail = |e| Error::io(format!("{DIR}/{}", segment.name), e);
        // Room for a mark, too.
        let end = segment.at + (self.buffer.len() + HEADER_BYTES) as u64;
        if end > segment.room {
            // First the room, then the record: what fails for want of room has left nothing that looks whole.
            let room = end.next_multiple_of(self.step_bytes);
            segment.file.write_at(&vec![0; (room - segment.room) as usize], segment.room).map_err(fail)?;
            segment.room = room;
        }
        if let Err(error) = segment.file.write_at(&self.buffer, segment.at) {
            // What there was room for may look whole, if the bytes that lay there before fit. It must not come back
            // after its writer was told that it is lost.
            let cleared = segment.file.write_at(&[0; HEADER_BYTES], segment.at).and_then(|()| segment.file.sync());
            return Err(fail(if cleared.is_ok() { error } else { not_full(error) }));
        }
        segment.file.sync().map_err(|e| fail(not_full(e)))?;
        segment.at += self.buffer.len() as u64;
        Ok(())
    }

    fn release_memory(&mut self) {
        const KEPT_BYTES: usize = 256 * 1024;
        if self.buffer.capacity() > KEPT_BYTES {
            self.buffer = Vec::new();
        }
    }

    /// Notes behind the last record that it is on disk; the next record takes the mark's place.
    pub(crate) fn mark(&mut self) -> Result<(), Error> {
        let Some(segment) = self.segment.as_ref().filter(|_| self.marked < self.sequence) else { return Ok(()) };
        let header =
            Header { mark: true, payload_len: 0, segment: self.number, sequence: self.sequence, payload_sum: 0 };
        let bytes = header.encode(self.salt);
        segment.file.write_at(&bytes, segment.at).map_err(|e| Error::io(format!("{DIR}/{}", segment.name), e))?;
        self.marked = self.sequence;
        Ok(())
    }

    /// Ends the segment; the next record begins a new one. Gives the number of that, and the file that can be freed
    /// once the records so far are no longer needed.
    pub(crate) fn rotate(&mut self) -> (u64, Option<Retired>) {
        let retired = self.segment.take().map(|s| Retired { name: s.name, size_bytes: s.room });
        self.number += u64::from(retired.is_some());
        (self.number, retired)
    }
}

/// A full disk that shows in a place where it leaves the file in an unknown state is an error like any other.
fn not_full(error: std::io::Error) -> std::io::Error {
    std::io::Error::other(error)
}
