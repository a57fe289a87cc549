//! What programs can reach.

mod common;

use common::*;
use std::io::{Read, Write};
use std::net::TcpListener;
use tidegate_sandbox::ListenerSocket;

#[test]
fn the_listeners_are_reached() {
    if !isolated() {
        return;
    }
    let mut sandbox = sandbox();
    let listeners = sandbox.take_listeners();
    assert_eq!(listeners.len(), 3);
    let script = "import socket\n\
        for a in [('127.0.0.1',4566),('169.254.100.1',9001),('127.0.0.1',443)]:\n\
        \x20 s=socket.create_connection(a); s.sendall(b'ping'); print(s.recv(9).decode())\n";
    let Some(python) = interpreter("python3") else { return };
    let process = sandbox.start(&program(&[&python, "-c", script])).unwrap();
    for listener in listeners {
        let ListenerSocket::Tcp(socket) = listener.socket else { panic!() };
        assert_eq!(listener.reached_at, listener.listen.address.into());
        let (mut stream, _) = socket.accept().unwrap();
        let mut text = [0; 4];
        stream.read_exact(&mut text).unwrap();
        stream.write_all(b"pong").unwrap();
    }
    assert_eq!(finish(&sandbox, process).stdout, "pong\n".repeat(3));
}

#[test]
fn nothing_else_is_reached() {
    if !isolated() {
        return;
    }
    // A service of the host, and one of another sandbox, on the very addresses that are tried.
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = host.local_addr().unwrap().port();
    let name = format!("tidegate-test-{port}");
    let address =
        <std::os::unix::net::SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(&name).unwrap();
    let _abstract = std::os::unix::net::UnixListener::bind_addr(&address).unwrap();
    let script = format!(
        "import socket,errno\n\
        def t(f,*a,k=socket.SOCK_STREAM):\n\
        \x20 try:\n\
        \x20  s=socket.socket(f,k); s.settimeout(2); s.connect(*a)\n\
        \x20  if k!=socket.SOCK_STREAM: s.send(b'x')\n\
        \x20  print('reached',a)\n\
        \x20 except OSError as e: print(errno.errorcode.get(e.errno,e))\n\
        I,S,U=socket.AF_INET,socket.AF_INET6,socket.AF_UNIX\n\
        t(I,('127.0.0.1',{port})); t(I,('169.254.169.254',80)); t(I,('10.0.0.1',80)); t(I,('192.168.0.1',80))\n\
        t(I,('1.1.1.1',443)); t(I,('1.1.1.1',53),k=socket.SOCK_DGRAM); t(I,('224.0.0.1',9),k=socket.SOCK_DGRAM)\n\
        t(S,('::1',{port})); t(S,('fe80::1',80,0,1)); t(S,('fd00:ec2::254',80)); t(S,('2606:4700::1111',443))\n\
        t(U,'\\0{name}'); t(U,'/run/docker.sock'); t(U,'/var/run/docker.sock')\n\
        for p in [80,22,1023]:\n\
        \x20 try: socket.socket().bind(('127.0.0.1',p)); print('bound',p)\n\
        \x20 except OSError as e: print(errno.errorcode.get(e.errno,e))\n\
        for f,k in [(I,socket.SOCK_RAW),(S,socket.SOCK_RAW),(socket.AF_PACKET,socket.SOCK_RAW)]:\n\
        \x20 try: socket.socket(f,k,1); print('raw')\n\
        \x20 except OSError as e: print(errno.errorcode.get(e.errno,e))\n\
        try: socket.socket().bind(('127.0.0.1',4566)); print('stolen')\n\
        except OSError as e: print(errno.errorcode.get(e.errno,e))\n"
    );
    let sandbox = sandbox();
    let Some(outcome) = python(&sandbox, &script) else { return };
    let expected = [
        "ECONNREFUSED",
        "ENETUNREACH",
        "ENETUNREACH",
        "ENETUNREACH",
        "ENETUNREACH",
        "ENETUNREACH",
        "ENETUNREACH",
        "ECONNREFUSED",
        "ENETUNREACH",
        "ENETUNREACH",
        "ENETUNREACH",
        "ECONNREFUSED",
        "ENOENT",
        "ENOENT",
        "EACCES",
        "EACCES",
        "EACCES",
        "EPERM",
        "EPERM",
        "EPERM",
        "EADDRINUSE",
    ];
    let got: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(got, expected, "{}", outcome.stderr);
}
