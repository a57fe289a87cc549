//! The parts that every system has: no layer at all.

mod common;

use common::*;
use std::time::Duration;
use tidegate_sandbox::{Error, Event, Layer, Mount, MountKind, Options, Sandbox, Spec, Status};

fn bare(spec: &Spec) -> Sandbox {
    Sandbox::spawn(spec, &Options { without: Layer::ALL.to_vec(), ..Options::default() }).unwrap()
}

#[test]
fn a_program_runs_and_ends() {
    let sandbox = bare(&Spec::default());
    let outcome = run(&sandbox, &shell("echo out; echo err >&2; exit 3"));
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("out\n", "err\n"));
    assert_eq!(outcome.status, Status::Code(3));
    assert_eq!(sandbox.missing_layers(), Layer::ALL);
}

#[test]
fn a_missing_program_is_an_error() {
    let sandbox = bare(&Spec::default());
    let Err(Error::Inside(step, why)) = sandbox.start(&program(&["/no/such/program"])) else { panic!() };
    assert_eq!((step.as_str(), why.raw_os_error()), ("run the program", Some(libc::ENOENT)));
    // The sandbox is as good as before.
    assert_eq!(run(&sandbox, &shell("exit 0")).status, Status::Code(0));
}

#[test]
fn nothing_is_inherited() {
    let sandbox = bare(&Spec::default());
    let outcome = run(&sandbox, &shell("env; ls -l /proc/self/fd | wc -l"));
    assert!(!outcome.stdout.contains("CARGO"), "{}", outcome.stdout);
    // 0, 1, 2, the listing itself, and the line with the total.
    assert!(outcome.stdout.trim_end().ends_with('5'), "{}", outcome.stdout);
}

#[test]
fn kill_all_gets_what_forked_twice() {
    let sandbox = bare(&Spec::default());
    let script = "trap '' TERM; (setsid sh -c 'trap \"\" TERM; sleep 100 & sleep 100' &) ; echo ready; sleep 100";
    let process = sandbox.start(&shell(script)).unwrap();
    let mut line = [0; 6];
    std::io::Read::read_exact(&mut std::fs::File::from(process.stdout), &mut line).unwrap();
    sandbox.kill_all().unwrap();
    let event = sandbox.wait_event(PATIENCE).unwrap();
    let killed = Event::Exited { program: process.id, status: Status::Signal(9), out_of_memory: false };
    assert_eq!(event, Some(killed));
    assert_eq!(sandbox.try_event().unwrap(), None);
}

#[test]
fn folders_stand_for_the_tree() {
    let code = tempfile::tempdir().unwrap();
    std::fs::write(code.path().join("x"), "code").unwrap();
    let entry = |target: &str, kind| Mount { target: target.into(), kind };
    let root =
        vec![entry("/var/task", MountKind::Directory), entry("/tmp", MountKind::Tmpfs { bytes: 1 << 20, inodes: 10 })];
    let sandbox = bare(&Spec { root, ..Spec::default() });
    sandbox.mount(code.path(), "/var/task".as_ref()).unwrap();
    assert_eq!(sandbox.visible_path("/var/task/x".as_ref()), code.path().join("x"));
    let tmp = sandbox.visible_path("/tmp".as_ref());
    assert_ne!(tmp, std::path::Path::new("/tmp"));
    assert!(tmp.is_dir());
    assert_eq!(sandbox.visible_path("/usr".as_ref()), std::path::Path::new("/usr"));
    drop(sandbox);
    assert!(!tmp.exists());
}

#[test]
fn required_layers() {
    let options = Options { required: true, ..Options::default() };
    let full = tidegate_sandbox::probe().level() == tidegate_sandbox::Level::Full;
    match Sandbox::spawn(&spec(), &options) {
        Ok(_) => assert!(full),
        Err(Error::Refused(layers)) => assert!(!full && !layers.is_empty()),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn stop_and_go_without_a_freezer() {
    let sandbox = bare(&Spec::default());
    let process = sandbox.start(&shell("sleep 0.05; echo done")).unwrap();
    sandbox.freeze().unwrap();
    assert_eq!(sandbox.wait_event(Duration::from_millis(300)).unwrap(), None);
    sandbox.thaw().unwrap();
    assert_eq!(finish(&sandbox, process).stdout, "done\n");
}

#[test]
fn every_layer_can_be_missing() {
    if !isolated() {
        return;
    }
    for layer in Layer::ALL {
        let options = Options { without: vec![layer], ..Options::default() };
        let sandbox = Sandbox::spawn(&spec(), &options).unwrap();
        assert!(sandbox.missing_layers().contains(&layer));
        let outcome = run(&sandbox, &shell("id -u; id -u root"));
        let (own, root) = outcome.stdout.trim_end().split_once('\n').unwrap();
        assert_eq!(root, "0", "without {layer}: {outcome:?}");
        // Without a user namespace, a root that has no other ids to give stays what it is, without capabilities.
        let namespace = has(Layer::User) && layer != Layer::User;
        assert!(own != "0" || !namespace, "without {layer}: {outcome:?}");
        let process = sandbox.start(&shell("sleep 100 & sleep 100")).unwrap();
        sandbox.kill_all().unwrap();
        let killed = Event::Exited { program: process.id, status: Status::Signal(9), out_of_memory: false };
        assert_eq!(sandbox.wait_event(PATIENCE).unwrap(), Some(killed), "without {layer}");
    }
}

#[test]
fn memory_is_limited_without_control_groups() {
    let mut spec = Spec::default();
    spec.limits.memory_bytes = 64 << 20;
    let sandbox = bare(&spec);
    let Some(outcome) = python(&sandbox, "import time\nx=b'x'*(200<<20)\ntime.sleep(60)") else { return };
    assert!(outcome.out_of_memory, "{outcome:?}");
    assert_eq!(outcome.status, Status::Signal(libc::SIGKILL));
}

#[test]
fn the_probe_tells_of_every_layer() {
    let found = tidegate_sandbox::probe();
    assert_eq!(found.layers.iter().map(|one| one.layer).collect::<Vec<_>>(), Layer::ALL);
    assert!(found.layers.iter().all(|one| !one.sentence.is_empty()), "{found:?}");
    let missing = Sandbox::spawn(&spec(), &Options::default()).unwrap().missing_layers();
    let told = found.layers.iter().filter(|one| !one.available).map(|one| one.layer);
    assert_eq!(missing, told.collect::<Vec<_>>());
}

#[test]
fn frozen_sandboxes_start_nothing() {
    let sandbox = bare(&Spec::default());
    sandbox.freeze().unwrap();
    assert!(matches!(sandbox.start(&shell("exit")), Err(Error::Invalid(_))));
    sandbox.thaw().unwrap();
    assert_eq!(run(&sandbox, &shell("exit 0")).status, Status::Code(0));
}
