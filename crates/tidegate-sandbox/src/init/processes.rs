//! Finding a sandbox's processes where there is no process namespace to do it.

use crate::sys;
use std::collections::BTreeSet;

/// Sends a signal to everything that descends from this process, and to the groups that the programs lead.
pub(super) fn signal_descendants(programs: impl Iterator<Item = libc::pid_t>, signal: i32) {
    programs.for_each(|pid| {
        // A group that has just ended is no failure.
        let _ = sys::kill(-pid, signal);
    });
    descendants().into_iter().for_each(|pid| {
        let _ = sys::kill(pid, signal);
    });
}

/// All processes below this one, by their numbers in the `/proc` at hand (with a process namespace that is the host's).
/// It adopts the orphans among them, so nothing that forks twice is missed.
pub(super) fn descendants() -> BTreeSet<libc::pid_t> {
    let mut found = BTreeSet::new();
    let mut next = children("self");
    while let Some(pid) = next.pop() {
        if found.insert(pid) {
            next.extend(children(&pid.to_string()));
        }
    }
    found
}

/// The children of all threads of a process; none where the system does not tell.
fn children(pid: &str) -> Vec<libc::pid_t> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let texts = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    texts.flat_map(|text| text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()).collect()
}
