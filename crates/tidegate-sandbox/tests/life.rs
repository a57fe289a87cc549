//! Many sandboxes: nothing is left of them, and they come fast.

mod common;

use common::*;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tidegate_sandbox::{Network, Options, Outward, Sandbox, Spec};

/// These tests count what there is, so they run one after another.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Folders of control groups that belong to this process.
fn groups() -> usize {
    let own = format!("tidegate.{}.", std::process::id());
    let mut folders = vec![std::path::PathBuf::from("/sys/fs/cgroup")];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // The one that this process is in itself belongs to no sandbox.
            found += usize::from(name.starts_with(&own) && !name.ends_with(".server"));
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    found
}

/// Descriptors, children and mounts of this process.
fn traces() -> (usize, String, usize) {
    let fds = std::fs::read_dir("/proc/self/fd").unwrap().count();
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let children =
        tasks.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default()).collect();
    (fds, children, std::fs::read_to_string("/proc/self/mountinfo").unwrap().lines().count())
}

#[test]
fn nothing_is_left_behind() {
    let _alone = alone();
    if !isolated() {
        return;
    }
    let cycle = |number: usize| {
        let sandbox = sandbox();
        match number % 4 {
            0 => drop(run(&sandbox, &shell("echo x > /tmp/x"))),
            1 => drop(sandbox.start(&shell("sleep 100 & sleep 100")).unwrap()),
            2 => {
                drop(sandbox.start(&shell("while :; do :; done")).unwrap());
                sandbox.freeze().unwrap();
            }
            _ => {}
        }
    };
    cycle(0);
    let before = traces();
    (0..60).for_each(cycle);
    assert_eq!(traces(), before);
    assert_eq!(groups(), 0);
}

#[test]
fn a_failed_start_leaves_nothing_either() {
    let _alone = alone();
    if !isolated() {
        return;
    }
    let mut bad = spec();
    bad.root.push(tidegate_sandbox::Mount {
        target: "/opt/x".into(),
        kind: tidegate_sandbox::MountKind::ReadOnly("/no/such/folder".into()),
    });
    drop(Sandbox::spawn(&bad, &Options::default()));
    let before = traces();
    for _ in 0..5 {
        assert!(Sandbox::spawn(&bad, &Options::default()).is_err());
    }
    assert_eq!(traces(), before);
    assert_eq!(groups(), 0);
}

/// The supervisor takes everything down when the server dies without a word.
#[test]
fn a_killed_server_leaves_no_process() {
    let _alone = alone();
    if !isolated() {
        return;
    }
    if let Ok(seconds) = std::env::var("TIDEGATE_TEST_VICTIM") {
        let sandbox = sandbox();
        sandbox.start(&program(&["/bin/sleep", &seconds])).unwrap();
        sandbox.start(&program(&["/bin/sleep", &seconds])).unwrap();
        sandbox.freeze().unwrap();
        println!("ready");
        std::thread::sleep(PATIENCE);
        return;
    }
    // A number that sets these processes apart from those of other tests that run at the same time.
    let seconds = format!("{}", 4_000_000 + std::process::id());
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_killed_server_leaves_no_process", "--nocapture"])
        .env("TIDEGATE_TEST_VICTIM", &seconds)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(victim.stdout.take().unwrap()));
    assert!(lines.any(|line| line.unwrap() == "ready"));
    assert_eq!(sleepers(&seconds), 2);
    victim.kill().unwrap();
    victim.wait().unwrap();
    let end = Instant::now() + Duration::from_secs(2);
    while sleepers(&seconds) > 0 && Instant::now() < end {
        std::thread::yield_now();
    }
    assert_eq!(sleepers(&seconds), 0);
}

fn sleepers(seconds: &str) -> usize {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).starts_with(&format!("/bin/sleep\0{seconds}"))).count()
}

/// Prints how long the steps take: `cargo test --test life latency -- --nocapture`.
#[test]
fn latency() {
    let _alone = alone();
    if !isolated() {
        return;
    }
    let code = tempfile::tempdir().unwrap();
    let (isolated, mut outward) = (spec(), spec());
    if let Network::Isolated(listen) = outward.network {
        outward.network = Network::Outward(listen, Outward::default());
    }
    for (name, spec) in [("isolated", isolated), ("outward", outward)] {
        eprintln!("{name}:");
        measure(&spec, code.path());
    }
}

fn measure(spec: &Spec, code: &std::path::Path) {
    let mut steps: Vec<[Duration; 6]> = Vec::new();
    for _ in 0..30 {
        let mut at = [Instant::now(); 7];
        let sandbox = Sandbox::spawn(spec, &Options::default()).unwrap();
        at[1] = Instant::now();
        let process = sandbox.start(&shell("exit 0")).unwrap();
        at[2] = Instant::now();
        finish(&sandbox, process);
        let process = sandbox.start(&shell("sleep 9")).unwrap();
        sandbox.freeze().unwrap();
        sandbox.thaw().unwrap();
        at[3] = Instant::now();
        drop(process);
        sandbox.mount(code, "/var/task".as_ref()).unwrap();
        at[4] = Instant::now();
        sandbox.freeze().unwrap();
        sandbox.thaw().unwrap();
        at[5] = Instant::now();
        drop(sandbox);
        at[6] = Instant::now();
        steps.push(std::array::from_fn(|step| at[step + 1] - at[step]));
    }
    for (step, name) in ["spawn", "start", "run, restart", "late mount", "freeze+thaw", "destroy"].iter().enumerate() {
        let mut times: Vec<Duration> = steps.iter().map(|times| times[step]).collect();
        times.sort();
        eprintln!("  {name:12} median {:?} worst {:?}", times[15], times[29]);
    }
}

/// Threads that make sandboxes at the same time do not get into one another's way.
#[test]
fn many_at_the_same_time() {
    let _alone = alone();
    if !isolated() {
        return;
    }
    std::thread::scope(|scope| {
        for thread in 0..12 {
            scope.spawn(move || {
                for round in 0..4 {
                    let sandbox = sandbox();
                    let text = format!("{thread}-{round}\n");
                    let outcome = run(&sandbox, &shell(&format!("echo {thread}-{round} > /tmp/x; cat /tmp/*")));
                    assert_eq!(outcome.stdout, text, "{}", outcome.stderr);
                    sandbox.freeze().unwrap();
                    sandbox.thaw().unwrap();
                    sandbox.kill_all().unwrap();
                }
            });
        }
    });
    assert_eq!(groups(), 0);
}
