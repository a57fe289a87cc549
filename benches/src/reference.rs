//! The references: processes that stand for the best that one could have instead.

use rustix::process::{Pid, Signal, kill_process};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where `cargo xtask bench` puts what it installs.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/references")
}

/// A process that ends with this value.
pub struct Reference(Child);

impl Reference {
    /// Starts a program and waits until its port is open.
    ///
    /// # Panics
    /// If it does not start, or does not listen within 20 s.
    pub fn start(command: &mut Command, port: u16) -> Reference {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let reference = Reference(child.unwrap_or_else(|e| panic!("{command:?}: {e}")));
        wait_for(port);
        reference
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // Asked first: nginx ends its workers then.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let end = Instant::now() + Duration::from_secs(6);
        while Instant::now() < end && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until somebody listens on a port of this machine.
///
/// # Panics
/// After 20 s.
pub fn wait_for(port: u16) {
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "nobody listens on {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A port that is free now.
///
/// # Panics
/// If the system gives none.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// nginx as a reverse proxy with keep-alive to an upstream port, as one would set it up in production.
///
/// # Panics
/// If its configuration cannot be written.
pub fn nginx(upstream: u16) -> (Reference, u16) {
    let (port, folder) = (free_port(), folder().join("nginx"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let configuration = format!(
        "worker_processes auto; daemon off; pid {0}/pid; error_log {0}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0};\n\
         keepalive_requests 1000000;\n\
         upstream app {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000; }}\n\
         server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection \"\"; }} }} }}",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, configuration).expect("the configuration can be written");
    let reference = Reference::start(Command::new("/usr/sbin/nginx").arg("-c").arg(&file), port);
    (reference, port)
}
