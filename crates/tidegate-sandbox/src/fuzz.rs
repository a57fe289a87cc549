//! This crate's parsers for those who throw bytes at them: each takes anything and must neither panic nor hang.

use crate::protocol::{Ended, Reply, Request};

/// Reads a message of each kind between server and supervisor; gives what each is written as again.
pub fn messages(body: &[u8]) -> [Option<Vec<u8>>; 3] {
    let request = Request::decode(body).map(|message| message.encode());
    let reply = Reply::decode(body).map(|message| message.encode());
    [request, reply, Ended::decode(body).map(|message| message.encode())]
}
