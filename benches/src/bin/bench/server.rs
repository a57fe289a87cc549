//! The server itself: start to first answer against `node -e 0`, idle memory, size of the binary.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tidegate_benches::reference::free_port;
use tidegate_benches::report::{Bar, compare, line};
use tidegate_benches::tidegate::binary;

const ROUNDS: usize = 9;
const MIB: f64 = 1024.0 * 1024.0;

/// Prints its ratios.
pub fn measure() {
    let (mut mine, mut theirs, mut memory) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..ROUNDS {
        let (took, resident) = start();
        mine.push(took);
        memory = resident;
        let began = Instant::now();
        Command::new("node").args(["-e", "0"]).status().expect("node is there");
        theirs.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    compare("start to first answer", "ms", &mine, ("node -e 0", &theirs), Bar::AtMost(0.25));
    line("idle memory", "MiB resident", memory, Bar::AtMost(25.0));
    let size = std::fs::metadata(binary()).expect("the release binary is built").len() as f64 / MIB;
    line("release binary", "MiB", size, Bar::AtMost(40.0));
}

/// Milliseconds from the process' start to its first answer, and MiB of memory a second later.
fn start() -> (f64, f64) {
    let (port, data) = (free_port(), TempDir::new().expect("a folder"));
    let began = Instant::now();
    let mut command = Command::new(binary());
    command
        .args(["start", "--port", &port.to_string(), "--data"])
        .arg(data.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut server = command.spawn().expect("the release binary is built");
    while answer(port).is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    let took = began.elapsed().as_secs_f64() * 1000.0;
    std::thread::sleep(Duration::from_secs(1));
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let resident = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
    let _ = server.kill();
    let _ = server.wait();
    (took, resident.unwrap_or(f64::NAN) / 1024.0)
}

fn answer(port: u16) -> Option<()> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.write_all(b"GET /_tidegate/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut first = [0; 12];
    stream.read_exact(&mut first).ok()?;
    (&first == b"HTTP/1.1 200").then_some(())
}
