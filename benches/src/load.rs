//! A load generator: keep-alive HTTP/1.1 connections that send prepared requests one after another.

use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Requests per second over `connections` connections, for this long. Connection `n` sends the requests `n`, `n +
/// connections`, … of the list, over and over.
///
/// # Panics
/// If a connection breaks or an answer is an error: a measurement of failures is none.
pub async fn throughput(port: u16, connections: usize, requests: Vec<Vec<u8>>, time: Duration) -> f64 {
    let (requests, end) = (Arc::new(requests), Instant::now() + time);
    let began = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|n| {
            let requests = requests.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(port).await;
                let (mut done, mut at) = (0u64, n);
                while Instant::now() < end {
                    connection.exchange(&requests[at % requests.len()]).await;
                    done += 1;
                    at += connections;
                }
                done
            })
        })
        .collect();
    let mut total = 0;
    for client in clients {
        total += client.await.expect("a client does not panic unless the measurement failed");
    }
    total as f64 / began.elapsed().as_secs_f64()
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
fn whole_answer(bytes: &[u8]) -> Option<Vec<u8>> {
    let head_end = bytes.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_ascii_lowercase();
    let status: u16 = head.get(9..12)?.parse().ok()?;
    let body = &bytes[head_end..];
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let whole = match length {
        Some(length) => (body.len() >= length).then(|| body[..length].to_vec()),
        None => body.ends_with(b"0\r\n\r\n").then(|| body.to_vec()),
    }?;
    assert!(status < 400, "the answer is {status}: {}", String::from_utf8_lossy(&whole));
    Some(whole)
}
