//! Limits of memory and processor time.

mod common;

use common::*;
use std::time::{Duration, Instant};
use tidegate_sandbox::{Layer, Status};

fn own_rss_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    text.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap()
}

#[test]
fn too_much_memory_ends_only_that_sandbox() {
    if !isolated() || !has(Layer::Memory) {
        return;
    }
    let (greedy, modest) = (sandbox(), sandbox());
    let before = own_rss_kib();
    let other = modest.start(&shell("sleep 1; echo alive")).unwrap();
    let Some(outcome) = python(&greedy, "x=[]\nwhile True: x.append(bytearray(b'x'*(8<<20)))") else { return };
    assert_eq!(outcome.status, Status::Signal(libc::SIGKILL));
    assert!(outcome.out_of_memory, "{outcome:?}");
    assert!(greedy.memory_peak_bytes().unwrap() <= 257 << 20, "{:?}", greedy.memory_peak_bytes());
    assert_eq!(finish(&modest, other).stdout, "alive\n");
    assert!(own_rss_kib() < before + 20_000);
    // The sandbox can be used again.
    let outcome = run(&greedy, &shell("echo again"));
    assert_eq!((outcome.stdout.as_str(), outcome.out_of_memory), ("again\n", false));
}

#[test]
fn limits_can_be_changed() {
    if !isolated() || !has(Layer::Memory) {
        return;
    }
    let sandbox = sandbox();
    let script = "x=b'x'*(180<<20);print('fits')";
    let Some(outcome) = python(&sandbox, script) else { return };
    assert_eq!(outcome.stdout, "fits\n");
    sandbox.set_limits(128 << 20, 500).unwrap();
    assert!(python(&sandbox, script).unwrap().out_of_memory);
    sandbox.set_limits(512 << 20, 500).unwrap();
    assert_eq!(python(&sandbox, script).unwrap().stdout, "fits\n");
}

#[test]
fn processor_time_is_shared_out() {
    if !isolated() || !has(Layer::Cpu) {
        return;
    }
    let sandbox = sandbox();
    sandbox.set_limits(256 << 20, 200).unwrap();
    let process = sandbox.start(&shell("while :; do :; done")).unwrap();
    let (start, used) = (Instant::now(), sandbox.cpu_time().unwrap());
    assert_eq!(sandbox.wait_event(Duration::from_millis(1000)).unwrap(), None);
    let share = (sandbox.cpu_time().unwrap() - used).as_secs_f64() / start.elapsed().as_secs_f64();
    assert!((0.02..0.35).contains(&share), "{share}");
    sandbox.signal(process.id, libc::SIGKILL).unwrap();
}
