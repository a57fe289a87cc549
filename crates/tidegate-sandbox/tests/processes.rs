//! What programs can do to processes: their own, the supervisor, the host's.

mod common;

use common::*;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use tidegate_sandbox::{Event, Layer, Options, Sandbox, Status};

/// Host processes that have this word among their arguments.
fn host_processes(word: &str) -> usize {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(word)).count()
}

#[test]
fn only_own_processes_are_seen() {
    if !isolated() {
        return;
    }
    let sandbox = sandbox();
    let outcome =
        run(&sandbox, &shell("echo $$; ls -d /proc/[0-9]* | wc -l; cat /proc/1/environ /proc/1/maps /proc/1/cmdline"));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines[0].parse::<u32>().unwrap() < 20, "{lines:?}");
    assert!(lines[1].parse::<u32>().unwrap() <= 4, "{lines:?}");
    assert_eq!(lines.len(), 2, "the supervisor can be looked into: {lines:?}");
    for file in ["kcore", "keys", "key-users", "kmsg", "timer_list", "kallsyms", "1/environ", "1/mem", "1/fd"] {
        let outcome =
            run(&sandbox, &shell(&format!("[ -d /proc/{file} ] && ls /proc/{file} || head -c 1 /proc/{file}")));
        assert_ne!(outcome.status, Status::Code(0), "/proc/{file}");
        assert_eq!(outcome.stdout, "", "/proc/{file}");
    }
}

#[test]
fn the_supervisor_cannot_be_hurt() {
    if !isolated() {
        return;
    }
    let sandbox = sandbox();
    let script = "for signal in KILL STOP TERM SEGV QUIT; do kill -$signal 1; done; echo survived";
    run(&sandbox, &shell(script));
    assert_eq!(run(&sandbox, &shell("echo here")).stdout, "here\n");
}

#[test]
fn nobody_is_privileged() {
    if !isolated() {
        return;
    }
    let outcome = run(&sandbox(), &shell("grep -E '^(Cap|NoNewPrivs|Uid|Gid|Groups)' /proc/self/status; id -un"));
    for line in ["Uid:\t993\t993\t993\t993", "Gid:\t990\t990\t990\t990", "NoNewPrivs:\t1", "sbx_user1051"] {
        assert!(outcome.stdout.contains(line), "{line}: {}", outcome.stdout);
    }
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert!(outcome.stdout.contains(&format!("{set}:\t0000000000000000")), "{set}: {}", outcome.stdout);
    }
}

/// A process that forks for as long as it can: the limit holds, the host goes on, and it can be ended at once.
#[test]
fn a_fork_bomb_is_contained() {
    if !isolated() || !has(Layer::Pids) {
        return;
    }
    let mut spec = spec();
    spec.limits.pids_max = 64;
    let sandbox = Sandbox::spawn(&spec, &Options::default()).unwrap();
    let script = "import os,sys,time\nwhile True:\n  try:\n    os.fork()\n  except OSError as e:\n    \
                  os.write(1, b'%d\\n' % e.errno); time.sleep(100)\n";
    let Some(python) = interpreter("python3") else { return };
    let bomb = format!("tidegate-bomb-{}", std::process::id());
    let process = sandbox.start(&program(&[&python, "-c", script, &bomb])).unwrap();
    let mut first = [0; 3];
    std::fs::File::from(process.stdout).read_exact(&mut first).unwrap();
    assert_eq!(&first, format!("{}\n", libc::EAGAIN).as_bytes());
    assert!(host_processes(&bomb) <= 64);
    let start = Instant::now();
    sandbox.kill_all().unwrap();
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    assert_eq!(host_processes(&bomb), 0);
}

/// Everything that a program can do to live on: ignore signals, fork twice, start a session, spin.
#[test]
fn nothing_survives() {
    if !isolated() {
        return;
    }
    // The word sets these processes apart from those of other tests that run at the same time.
    let ghost = format!("tidegate-ghost-{}", std::process::id());
    let script = format!(
        "trap '' TERM INT HUP; \
         (setsid sh -c '(sh -c \"echo ready; while :; do sleep 1; done\" {ghost} &); while :; do :; done' {ghost} &); \
         while :; do :; done # {ghost}"
    );
    for drop_it in [false, true] {
        let sandbox = sandbox();
        let process = sandbox.start(&shell(&script)).unwrap();
        let mut ready = [0; 6];
        std::fs::File::from(process.stdout).read_exact(&mut ready).unwrap();
        sandbox.signal(process.id, libc::SIGTERM).unwrap();
        assert!(host_processes(&ghost) >= 3);
        let start = Instant::now();
        if drop_it {
            drop(sandbox);
        } else {
            sandbox.freeze().unwrap();
            sandbox.kill_all().unwrap();
            let event = sandbox.wait_event(PATIENCE).unwrap();
            let killed = Event::Exited { program: process.id, status: Status::Signal(9), out_of_memory: false };
            assert_eq!(event, Some(killed));
        }
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
        assert_eq!(host_processes(&ghost), 0);
    }
}

#[test]
fn descriptors_are_limited_and_none_is_inherited() {
    if !isolated() {
        return;
    }
    let script = "import os,resource\n\
        print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:-1])\n\
        os.write(4, os.read(3, 5).upper())\n\
        fds=[]\n\
        try:\n  while True: fds.append(os.dup(0))\n\
        except OSError as e: print(e.errno, max(fds))\n\
        print(resource.getrlimit(resource.RLIMIT_NPROC), resource.getrlimit(resource.RLIMIT_STACK)[0])\n";
    let Some(python) = interpreter("python3") else { return };
    let sandbox = sandbox();
    let mut program = program(&[&python, "-c", script]);
    program.channel = true;
    let mut process = sandbox.start(&program).unwrap();
    let channel = process.channel.take().unwrap();
    std::fs::File::from(channel.to).write_all(b"hello").unwrap();
    let outcome = finish(&sandbox, process);
    assert_eq!(outcome.stdout, "[0, 1, 2, 3, 4]\n24 1023\n(742, 742) 8388608\n", "{outcome:?}");
    let mut text = String::new();
    std::fs::File::from(channel.from).read_to_string(&mut text).unwrap();
    assert_eq!(text, "HELLO");
}

/// The program's own file and the supervisor's cannot be replaced from inside.
#[test]
fn programs_cannot_be_overwritten() {
    if !isolated() {
        return;
    }
    let script = "import os\n\
        for p in ['/proc/self/exe','/proc/1/exe','/proc/2/exe']:\n\
        \x20 try: os.close(os.open(p, os.O_WRONLY)); print('opened', p)\n\
        \x20 except OSError as e: print(e.errno)\n\
        try: print(os.readlink('/proc/1/exe'))\n\
        except OSError as e: print(e.errno)\n";
    let Some(outcome) = python(&sandbox(), script) else { return };
    let refused = [libc::ETXTBSY, libc::EROFS, libc::EACCES, libc::EPERM, libc::ENOENT].map(|errno| errno.to_string());
    assert!(outcome.stdout.lines().count() == 4, "{outcome:?}");
    assert!(outcome.stdout.lines().all(|line| refused.iter().any(|errno| errno == line)), "{}", outcome.stdout);
}

#[test]
fn frozen_programs_use_no_time() {
    if !isolated() || !has(Layer::Freezer) {
        return;
    }
    let sandbox = sandbox();
    let process = sandbox.start(&shell("echo up; while :; do :; done")).unwrap();
    let mut up = [0; 3];
    std::fs::File::from(process.stdout).read_exact(&mut up).unwrap();
    sandbox.freeze().unwrap();
    // The kernel stops processes at their next chance, not before the call returns.
    while {
        let before = sandbox.cpu_time();
        let _ = sandbox.wait_event(Duration::from_millis(30));
        before != sandbox.cpu_time()
    } {}
    let before = sandbox.cpu_time().unwrap();
    assert_eq!(sandbox.wait_event(Duration::from_millis(100)).unwrap(), None);
    assert_eq!(sandbox.cpu_time().unwrap(), before);
    sandbox.thaw().unwrap();
    let _ = sandbox.wait_event(Duration::from_millis(100));
    assert!(sandbox.cpu_time().unwrap() > before);
}
