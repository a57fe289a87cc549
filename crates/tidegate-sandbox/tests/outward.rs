//! The way out of a sandbox's network.

mod common;

use common::*;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use tidegate_sandbox::{ListenerSocket, Network, Options, Outward, Sandbox};

fn spawn(outward: Outward) -> Sandbox {
    let mut spec = spec();
    let Network::Isolated(listen) = spec.network else { panic!() };
    spec.network = Network::Outward(listen, outward);
    Sandbox::spawn(&spec, &Options::default()).unwrap()
}

/// A service of the host that says who it is to each of `count` visitors.
fn service(text: &'static str, count: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(count) {
            let _ = stream.and_then(|mut stream| stream.write_all(text.as_bytes()));
        }
    });
    address
}

#[test]
fn what_is_allowed_is_reached() {
    if !isolated() {
        return;
    }
    let (open, shut) = (service("open", 3), service("shut", 9));
    let mut sandbox = spawn(Outward { allow: vec![open], resolvers: vec![] });
    let script = format!(
        "import socket,asyncio,errno\n\
        def r(s):\n\
        \x20 d=b''\n\
        \x20 while True:\n\
        \x20  c=s.recv(9)\n\
        \x20  if not c: return d.decode()\n\
        \x20  d+=c\n\
        s=socket.socket(); s.setsockopt(socket.IPPROTO_TCP,socket.TCP_NODELAY,1); s.connect(('127.0.0.1',{open}))\n\
        print(r(s), s.getsockopt(socket.IPPROTO_TCP,socket.TCP_NODELAY)!=0, s.getpeername()[1]=={open})\n\
        s=socket.create_connection(('127.0.0.1',{open}),timeout=5); print(r(s), s.gettimeout())\n\
        async def a():\n\
        \x20 x,y=await asyncio.open_connection('127.0.0.1',{open}); print((await x.read()).decode())\n\
        asyncio.run(a())\n\
        for p in [({shut},'127.0.0.1'),(80,'169.254.169.254'),(80,'10.0.0.1'),(80,'192.168.1.1'),(80,'203.0.113.1')]:\n\
        \x20 for timeout in [None,2]:\n\
        \x20  s=socket.socket(); s.settimeout(timeout)\n\
        \x20  try: s.connect((p[1],p[0])); print('reached',p)\n\
        \x20  except OSError as e: print(errno.errorcode[e.errno])\n",
        open = open.port(),
        shut = shut.port()
    );
    let Some(python) = interpreter("python3") else { return };
    let process = sandbox.start(&program(&[&python, "-c", &script])).unwrap();
    let outcome = finish(&sandbox, process);
    let mut expected = "open True True\nopen 5.0\nopen\n".to_owned();
    expected += &"ECONNREFUSED\n".repeat(2);
    expected += &"ENETUNREACH\n".repeat(8);
    assert_eq!(outcome.stdout, expected, "{}", outcome.stderr);
    // The sandbox's own listeners are still there.
    let listener = sandbox.take_listeners().remove(0);
    let ListenerSocket::Tcp(socket) = listener.socket else { panic!() };
    let script = "import socket; s=socket.create_connection(('127.0.0.1',4566)); print(s.recv(9).decode())";
    let process = sandbox.start(&program(&[&python, "-c", script])).unwrap();
    socket.accept().unwrap().0.write_all(b"server").unwrap();
    assert_eq!(finish(&sandbox, process).stdout, "server\n");
}

#[test]
fn node_reaches_it_too() {
    if !isolated() {
        return;
    }
    let Some(node) = interpreter("node") else { return };
    let open = service("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok", 2);
    let sandbox = spawn(Outward { allow: vec![open], resolvers: vec![] });
    let script = format!(
        "require('http').get('http://127.0.0.1:{0}/',r=>{{r.on('data',d=>console.log(String(d)));r.on('end',async()=>{{\
        console.log(await (await fetch('http://127.0.0.1:{0}/')).text());\
        require('net').connect(80,'169.254.169.254').on('error',e=>console.log(e.code))}})}})",
        open.port()
    );
    let outcome = run(&sandbox, &program(&[&node, "-e", &script]));
    assert_eq!(outcome.stdout, "ok\nok\nENETUNREACH\n", "{}", outcome.stderr);
}

#[test]
fn names_are_resolved() {
    if !isolated() {
        return;
    }
    let resolver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = resolver.local_addr().unwrap();
    // Answers each question for an address with 203.0.113.7 (RFC 1035 section 4).
    std::thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = resolver.recv_from(&mut question) {
            let end = 12 + question[12..length].iter().position(|byte| *byte == 0).unwrap() + 5;
            let wants_v4 = question[end - 3] == 1;
            let mut answer = question[..end].to_vec();
            answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(wants_v4), 0, 0, 0, 0]);
            if wants_v4 {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 7]);
            }
            resolver.send_to(&answer, from).unwrap();
        }
    });
    let sandbox = spawn(Outward { allow: vec![], resolvers: vec![address] });
    let script = "import socket; print(socket.gethostbyname('example.com'), socket.gethostbyname('example.org'))";
    if let Some(outcome) = python(&sandbox, script) {
        assert_eq!(outcome.stdout, "203.0.113.7 203.0.113.7\n", "{}", outcome.stderr);
    }
}

/// Sockets of a program's own: by path, by abstract name, by port.
#[test]
fn programs_reach_one_another() {
    if !isolated() {
        return;
    }
    let sandbox = spawn(Outward::default());
    let script = "import socket,threading,os\n\
        os.chdir('/tmp')\n\
        def pair(f,there,to):\n\
        \x20 l=socket.socket(f); l.bind(there); l.listen(); to=to or l.getsockname()\n\
        \x20 for timeout in [None,5]:\n\
        \x20  c=socket.socket(f); c.settimeout(timeout); c.connect(to); a,_=l.accept(); c.sendall(b'x'); print(a.recv(1))\n\
        pair(socket.AF_UNIX,'/tmp/a','/tmp/a'); pair(socket.AF_UNIX,'b','b'); pair(socket.AF_UNIX,'\\0c','\\0c')\n\
        pair(socket.AF_INET,('127.0.0.1',0),None); pair(socket.AF_INET6,('::1',0),None)\n\
        u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.bind(('127.0.0.1',0))\n\
        v=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); v.connect(u.getsockname()); v.send(b'y'); print(u.recv(1))\n\
        try: socket.socket(socket.AF_UNIX).connect('/run/docker.sock')\n\
        except OSError as e: print(e.errno)\n";
    let Some(outcome) = python(&sandbox, script) else { return };
    assert_eq!(outcome.stdout, "b'x'\n".repeat(10) + "b'y'\n2\n", "{}", outcome.stderr);
}

/// A socket of the host's network is in the program's hands; it must be good for its one connection only.
#[test]
fn the_way_out_cannot_be_bent() {
    if !isolated() {
        return;
    }
    // One that refuses, so that the program holds a host's socket without a connection.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let shut = service("shut", 9);
    let sandbox = spawn(Outward { allow: vec![closed], resolvers: vec![] });
    let script = format!(
        "import socket,ctypes,errno,struct,time\n\
        l=ctypes.CDLL(None,use_errno=True)\n\
        def held():\n\
        \x20 s=socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1',{closed})); time.sleep(0.05)\n\
        \x20 s.getsockopt(socket.SOL_SOCKET,socket.SO_ERROR); s.setblocking(True); return s\n\
        def t(f):\n\
        \x20 try: f(); print('done')\n\
        \x20 except OSError as e: print(errno.errorcode[e.errno])\n\
        shut=('127.0.0.1',{shut})\n\
        t(lambda: held().connect(shut))\n\
        t(lambda: held().sendto(b'x',0x20000000,shut))\n\
        t(lambda: held().sendmsg([b'x'],[],0x20000000,shut))\n\
        def unspec():\n\
        \x20 s=held(); r=l.connect(s.fileno(),struct.pack('=H14x',0),16)\n\
        \x20 if r: raise OSError(ctypes.get_errno(),'')\n\
        t(unspec)\n\
        def listen():\n\
        \x20 s=held(); s.bind(('127.0.0.1',0)); s.listen()\n\
        t(listen)\n\
        def lazy():\n\
        \x20 s=held(); s.setsockopt(socket.IPPROTO_TCP,30,1); s.connect(shut); s.send(b'x')\n\
        t(lazy)\n\
        t(lambda: l.connect(0,0,0) and (_ for _ in ()).throw(OSError(ctypes.get_errno(),'')))\n\
        k=socket.socket()\n\
        t(lambda: l.connect(k.fileno(),1,16) and (_ for _ in ()).throw(OSError(ctypes.get_errno(),'')))\n",
        closed = closed.port(),
        shut = shut.port()
    );
    let Some(outcome) = python(&sandbox, &script) else { return };
    let expected = ["EINVAL", "ENOTSUP", "ENOTSUP", "EINVAL", "EACCES", "EINVAL", "EINVAL", "EFAULT"];
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines, expected, "{outcome:?}");
}

/// Many connections at the same time, some of which wait for long.
#[test]
fn connections_do_not_wait_for_one_another() {
    if !isolated() {
        return;
    }
    let open = service("open", 200);
    let sandbox = spawn(Outward { allow: vec![open], resolvers: vec![] });
    let script = format!(
        "import socket,threading\n\
        n=[]\n\
        def go():\n\
        \x20 for _ in range(10):\n\
        \x20  s=socket.socket(); s.connect(('127.0.0.1',{})); n.append(s.recv(9)); s.close()\n\
        t=[threading.Thread(target=go) for _ in range(20)]\n\
        [x.start() for x in t]; [x.join() for x in t]; print(len(n), set(n))\n",
        open.port()
    );
    let Some(outcome) = python(&sandbox, &script) else { return };
    assert_eq!(outcome.stdout, "200 {b'open'}\n", "{}", outcome.stderr);
    // The gate is as good as before, also for new programs.
    let other = run(&sandbox, &shell("exit 7"));
    assert_eq!(other.status, tidegate_sandbox::Status::Code(7));
}
