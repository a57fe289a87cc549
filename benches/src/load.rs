//! A load generator: keep-alive HTTP/1.1 connections that send prepared requests one after another.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Threads that send: few, for what they use is missing elsewhere.
const THREADS: usize = 2;

/// Requests per second over `connections` connections, for this long. Connection `n` sends the requests `n`, `n +
/// connections`, … of the list, over and over.
///
/// # Panics
/// If a connection breaks or an answer is an error: a measurement of failures is none.
pub async fn throughput(port: u16, connections: usize, requests: Vec<Vec<u8>>, time: Duration) -> f64 {
    let (requests, began) = (Arc::new(requests), Instant::now());
    let load = |thread: usize| {
        let requests = requests.clone();
        tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
            let clients = (thread..connections)
                .step_by(THREADS)
                .map(|n| client(port, requests.clone(), (n, connections), began + time));
            runtime.expect("a runtime can be made").block_on(all(clients.collect()))
        })
    };
    let threads: Vec<_> = (0..THREADS).map(load).collect();
    let mut total = 0;
    for thread in threads {
        total += thread.await.expect("a client does not panic unless the measurement failed");
    }
    total as f64 / began.elapsed().as_secs_f64()
}

async fn all(clients: Vec<impl Future<Output = u64> + Send + 'static>) -> u64 {
    let mut clients: JoinSet<u64> = clients.into_iter().collect();
    let mut total = 0;
    while let Some(done) = clients.join_next().await {
        total += done.expect("a client does not panic unless the measurement failed");
    }
    total
}

/// Sends the requests `first`, `first + step`, … until the end; how many.
async fn client(port: u16, requests: Arc<Vec<Vec<u8>>>, (first, step): (usize, usize), end: Instant) -> u64 {
    let mut connection = Connection::open(port).await;
    let (mut done, mut at) = (0, first);
    while Instant::now() < end {
        connection.answer(&requests[at % requests.len()]).await;
        done += 1;
        at += step;
    }
    done
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to a port of this machine.
    ///
    /// # Panics
    /// If nobody listens.
    pub async fn open(port: u16) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
        stream.set_nodelay(true).expect("TCP has this option");
        Connection { stream, buffer: vec![0; 64 * 1024] }
    }

    /// Sends a request and reads its answer; gives the body.
    ///
    /// # Panics
    /// If the connection breaks or the status is 400 or more.
    pub async fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        let body = self.answer(request).await;
        self.buffer[body].to_vec()
    }

    /// Sends a request and reads its answer; where the body lies in the buffer.
    async fn answer(&mut self, request: &[u8]) -> Range<usize> {
        self.stream.write_all(request).await.expect("the connection holds");
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let n = self.stream.read(&mut self.buffer[filled..]).await.expect("the connection holds");
            assert!(n > 0, "the server closed the connection");
            filled += n;
            if let Some(body) = whole_answer(&self.buffer[..filled]) {
                return body;
            }
        }
    }
}

/// The body, once the answer is there whole.
fn whole_answer(bytes: &[u8]) -> Option<Range<usize>> {
    let start = find(bytes, b"\r\n\r\n")? + 4;
    let (head, body) = bytes.split_at(start);
    let size = match content_length(head) {
        Some(length) => (body.len() >= length).then_some(length),
        None => body.ends_with(b"0\r\n\r\n").then_some(body.len()),
    }?;
    let text = || String::from_utf8_lossy(bytes);
    assert!(matches!(head.get(9), Some(b'1'..=b'3')), "the answer is an error: {}", text());
    Some(start..start + size)
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head.split(|byte| *byte == b'\n').find(|line| {
        line.len() > NAME.len() && matches!(line[0], b'c' | b'C') && line[..NAME.len()].eq_ignore_ascii_case(NAME)
    })?;
    std::str::from_utf8(&line[NAME.len()..]).ok()?.trim().parse().ok()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
