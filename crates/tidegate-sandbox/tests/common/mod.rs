//! One sandbox and what a test does with it.
#![allow(dead_code, reason = "every test file uses a part of this")]

use std::io::Read;
use std::time::{Duration, Instant};
use tidegate_sandbox::{
    Event, Layer, Level, Limits, Listen, Mount, MountKind, Network, Options, Process, Program, Sandbox, Spec, Status,
    Transport, User, base_image, probe,
};

/// The longest that a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Whether sandboxes are real here; says so if not.
pub fn isolated() -> bool {
    let level = probe().level();
    let isolated = level != Level::Portable;
    if !isolated {
        eprintln!("SKIPPED: this system grants no sandboxes: {level}");
    }
    isolated
}

/// Whether this layer is there; says so if not.
pub fn has(layer: Layer) -> bool {
    let there = probe().layers.iter().any(|one| one.layer == layer && one.available);
    if !there {
        eprintln!("SKIPPED: no {layer} here: {}", layer.without());
    }
    there
}

/// A usual function's specification: base image, `/tmp`, places for code, its own network with one listener.
pub fn spec() -> Spec {
    let user = User::default();
    let mut root = base_image("sbx_user1051", &user);
    root.push(Mount { target: "/tmp".into(), kind: MountKind::Tmpfs { bytes: 64 << 20, inodes: 4096 } });
    root.push(Mount { target: "/var/task".into(), kind: MountKind::Directory });
    root.push(Mount { target: "/opt".into(), kind: MountKind::Directory });
    let listen = ["127.0.0.1:4566", "169.254.100.1:9001", "127.0.0.1:443"];
    let listen = listen.map(|address| Listen { transport: Transport::Tcp, address: address.parse().unwrap() });
    Spec {
        root,
        user,
        hostname: "sandbox".to_owned(),
        limits: Limits { memory_bytes: 256 << 20, ..Limits::default() },
        network: Network::Isolated(listen.to_vec()),
    }
}

pub fn sandbox() -> Sandbox {
    Sandbox::spawn(&spec(), &Options::default()).unwrap()
}

pub fn program(argv: &[&str]) -> Program {
    let env = vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()), ("HOME".into(), "/tmp".into())];
    Program { argv: argv.iter().map(Into::into).collect(), env, cwd: "/".into(), ..Program::default() }
}

pub fn shell(script: &str) -> Program {
    program(&["/bin/sh", "-c", script])
}

/// The full path of an interpreter of the host that lies in the base image.
pub fn interpreter(name: &str) -> Option<String> {
    let found = ["/usr/local/bin", "/usr/bin", "/bin"].iter().map(|folder| format!("{folder}/{name}"));
    let path = found.into_iter().find(|path| std::path::Path::new(path).exists());
    if path.is_none() {
        eprintln!("SKIPPED: no {name} on this machine");
    }
    path
}

/// What a finished program wrote and how it ended.
#[derive(Debug)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: Status,
    pub out_of_memory: bool,
}

pub fn run(sandbox: &Sandbox, program: &Program) -> Outcome {
    finish(sandbox, sandbox.start(program).unwrap())
}

pub fn finish(sandbox: &Sandbox, process: Process) -> Outcome {
    let read = |fd| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            std::fs::File::from(fd).read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let (stdout, stderr) = (read(process.stdout), read(process.stderr.expect("the test does not join them")));
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(Event::Exited { program, status, out_of_memory }) = sandbox.wait_event(PATIENCE).unwrap()
            && program == process.id
        {
            let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
            return Outcome { stdout, stderr, status, out_of_memory };
        }
    }
    panic!("the program did not end");
}

/// Runs a Python script that prints one line for each probe.
pub fn python(sandbox: &Sandbox, script: &str) -> Option<Outcome> {
    let python = interpreter("python3")?;
    Some(run(sandbox, &program(&[&python, "-c", script])))
}
