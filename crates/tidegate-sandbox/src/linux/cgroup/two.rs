//! Where groups with limits can be made in version 2.
//!
//! A group that has processes of its own cannot have subgroups with limits ("no internal processes"), except for the root
//! of all, and the server is a process of its own group. So where it is alone in it, or the group was delegated to it, the
//! server moves one step down. <https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint>
//!
//! Some controllers ("threaded" ones, such as `cpu` and `pids`) can be enabled nevertheless; the subgroups are of no use
//! for processes then. So nothing is enabled in a group that has any.

use super::find::{PREFIX, usable};
use crate::linux::syscalls;
use std::fs;
use std::path::{Path, PathBuf};

/// Marks of a subtree that systemd has delegated; the first can only be read by root. <https://systemd.io/CGROUP_DELEGATION/>
const DELEGATED: [&str; 2] = ["trusted.delegate", "user.delegate"];

/// The best of the own group, the one above it and the topmost that is to be seen: one whose subgroups can have this
/// controller, or else one that can have subgroups at all.
pub(super) fn choose(own: &Path, top: &Path, controller: &str) -> Option<PathBuf> {
    let above = own.parent().filter(|above| above.starts_with(top));
    let candidates: Vec<&Path> =
        [Some(own), above, Some(top)].into_iter().flatten().filter(|one| usable(one)).collect();
    let limiting = candidates
        .iter()
        .find(|folder| enable(folder, controller) || **folder == own && step_down(own, || enable(own, controller)));
    limiting.or(candidates.first()).map(|folder| folder.to_path_buf())
}

/// Lets groups made here have limits of this kind.
pub(super) fn enable(folder: &Path, controller: &str) -> bool {
    let file = folder.join("cgroup.subtree_control");
    let on = || fs::read_to_string(&file).is_ok_and(|text| text.split_whitespace().any(|name| name == controller));
    on() || (has_room(folder) && fs::write(&file, format!("+{controller}")).is_ok() && on())
}

/// Whether a group may have subgroups with limits: it is the root of all, or has no processes.
fn has_room(folder: &Path) -> bool {
    !folder.join("cgroup.type").exists() || processes(folder).is_some_and(|pids| pids.is_empty())
}

fn processes(folder: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(folder.join("cgroup.procs")).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Moves this process from its group, in which it must be alone, into one below, if that is good for something. In a
/// group that was delegated, for example to a shell that has started this process, all of them move.
fn step_down(own: &Path, good: impl FnOnce() -> bool) -> bool {
    let pid = std::process::id().to_string();
    let there = processes(own).unwrap_or_default();
    let delegated = || DELEGATED.iter().any(|name| syscalls::attribute(own, name).is_some_and(|text| text == b"1"));
    if there != [pid.as_str()] && !(there.contains(&pid) && delegated()) {
        return false;
    }
    let below = own.join(format!("{PREFIX}.{pid}.server"));
    let into = |folder: &Path, pid: &String| fs::write(folder.join("cgroup.procs"), pid);
    // One that has ended meanwhile is no obstacle, and what remains shows when the controller is enabled.
    let moved = fs::create_dir(&below).is_ok() && there.iter().filter(|pid| into(&below, pid).is_ok()).count() > 0;
    if moved && good() {
        return true;
    }
    // Back to where they were, with what they have begun meanwhile. An empty group may remain; the next start removes it.
    processes(&below).unwrap_or_default().iter().for_each(|pid| drop(into(own, pid)));
    let _ = fs::remove_dir(below);
    false
}

/// With the kernel's own groups, where root may make them: a process that stands in for the server is put into a group,
/// and asked what it chooses. The controller is whichever is not used by version 1 on the machine.
#[cfg(test)]
mod tests {
    use super::super::find::mount_points;
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// Names the group, the top, and the controller to the process that stands in.
    const ASKED: &str = "TIDEGATE_TEST_GROUP";
    const NOBODY: u32 = 65_534;

    /// A group with a group for the server in it, in a hierarchy that has some controller; removed at the end.
    struct Tree {
        top: PathBuf,
        slice: PathBuf,
        service: PathBuf,
        controller: String,
        /// Whether the topmost group gave the controller to those below before.
        given: bool,
        _alone: MutexGuard<'static, ()>,
    }

    impl Tree {
        fn new(name: &str) -> Option<Tree> {
            // The topmost group is everybody's.
            static ALONE: Mutex<()> = Mutex::new(());
            let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
            let mounts = fs::read_to_string("/proc/self/mountinfo").expect("proc is mounted");
            let top =
                mount_points(&mounts).find(|(_, _, kind, _)| *kind == "cgroup2").map(|(at, ..)| PathBuf::from(at));
            let found = top.and_then(|top| {
                let controllers = fs::read_to_string(top.join("cgroup.controllers")).ok()?;
                let before = fs::read_to_string(top.join("cgroup.subtree_control")).ok()?;
                let controller = controllers.split_whitespace().find(|name| enable(&top, name))?.to_owned();
                let slice = top.join(format!("{PREFIX}-test-{name}-{}", std::process::id()));
                let service = slice.join("service");
                fs::create_dir(&slice).and_then(|()| fs::create_dir(&service)).ok()?;
                let given = before.split_whitespace().any(|name| name == controller);
                enable(&slice, &controller).then_some(Tree { top, slice, service, controller, given, _alone: alone })
            });
            if found.is_none() {
                eprintln!("SKIPPED: this system has no groups of version 2 that can be tried: be root for that");
            }
            found
        }

        /// Takes back what `new` allowed, so that the group above has no controllers to give.
        fn forbid(&self) {
            fs::write(self.slice.join("cgroup.subtree_control"), format!("-{}", self.controller))
                .expect("it was allowed");
        }

        /// A process in the server's group that waits until it is killed.
        fn companion(&self) -> Companion {
            let mut command = Command::new("sleep");
            command.arg("60");
            Companion(self.place(&mut command))
        }

        fn place(&self, command: &mut Command) -> Child {
            let door = self.service.join("cgroup.procs");
            // SAFETY: between fork and exec, one write of static text by way of the standard library's plain calls.
            unsafe { command.pre_exec(move || fs::write(&door, "0")) };
            command.stdin(Stdio::null()).spawn().expect("the program is there")
        }

        /// What a process in the server's group chooses: the folder's place in the tree, and where it is itself then.
        fn ask(&self, uid: u32) -> String {
            let test = std::env::current_exe().expect("it runs");
            let mut command = Command::new(test);
            command.args(["--exact", "--nocapture", "linux::cgroup::two::tests::stands_in_for_the_server"]);
            command.env(ASKED, format!("{} {} {}", self.service.display(), self.top.display(), self.controller));
            // The user changes after the group is joined: root puts services where they belong.
            let door = self.service.join("cgroup.procs");
            // SAFETY: as above; the calls that follow involve no memory.
            unsafe {
                command.pre_exec(move || {
                    fs::write(&door, "0")?;
                    if uid != 0 && (libc::setgid(uid) != 0 || libc::setuid(uid) != 0) {
                        return Err(std::io::Error::last_os_error());
                    }
                    Ok(())
                });
            }
            let output = command.stdin(Stdio::null()).output().expect("this program can be started");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let answer = text.lines().find_map(|line| line.split("CHOSEN ").nth(1)).unwrap_or_else(|| panic!("{text}"));
            let place = |path: &str| {
                path.replace(&*self.slice.to_string_lossy(), "").replace(&*self.top.to_string_lossy(), "TOP")
            };
            place(answer)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            for folder in fs::read_dir(&self.service).into_iter().flatten().flatten() {
                let _ = fs::remove_dir(folder.path());
            }
            let _ = fs::remove_dir(&self.service);
            let _ = fs::remove_dir(&self.slice);
            if !self.given {
                let _ = fs::write(self.top.join("cgroup.subtree_control"), format!("-{}", self.controller));
            }
        }
    }

    struct Companion(Child);

    impl Drop for Companion {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// No test of its own: see [`Tree::ask`].
    #[test]
    fn stands_in_for_the_server() {
        let Ok(asked) = std::env::var(ASKED) else { return };
        let [own, top, controller] = asked.split(' ').collect::<Vec<_>>()[..] else { panic!("{asked}") };
        let chosen = choose(Path::new(own), Path::new(top), controller);
        let limits = chosen.as_ref().is_some_and(|folder| {
            let trial = folder.join(format!("{PREFIX}.{}.limits", std::process::id()));
            fs::create_dir(&trial).expect("it was chosen because that can be done");
            let controllers = fs::read_to_string(trial.join("cgroup.controllers")).expect("every group has it");
            fs::remove_dir(trial).expect("it is empty");
            controllers.split_whitespace().any(|name| name == controller)
        });
        let now = fs::read_to_string("/proc/self/cgroup").expect("proc is mounted");
        let now = now.lines().find_map(|line| line.strip_prefix("0::")).expect("there is version 2");
        let now = now.rsplit('/').next().map(|last| last.replace(&std::process::id().to_string(), "PID"));
        let chosen = chosen.map_or("nothing".to_owned(), |folder| folder.display().to_string());
        println!("CHOSEN {chosen}, limits: {limits}, is in {}", now.unwrap_or_default());
    }

    #[test]
    fn alone_it_steps_down() {
        let Some(tree) = Tree::new("alone") else { return };
        assert_eq!(tree.ask(0), "/service, limits: true, is in tidegate.PID.server");
    }

    #[test]
    fn with_others_it_takes_the_group_above() {
        let Some(tree) = Tree::new("others") else { return };
        let _companion = tree.companion();
        assert_eq!(tree.ask(0), ", limits: true, is in service");
    }

    #[test]
    fn with_others_in_a_delegated_group_all_step_down() {
        let Some(tree) = Tree::new("delegated") else { return };
        if !syscalls::set_attribute(&tree.service, "trusted.delegate", b"1") {
            eprintln!("SKIPPED: no attributes can be set on groups here");
            return;
        }
        let companion = tree.companion();
        assert_eq!(tree.ask(0), "/service, limits: true, is in tidegate.PID.server");
        let group = fs::read_to_string(format!("/proc/{}/cgroup", companion.0.id())).expect("it runs");
        assert!(group.lines().any(|line| line.starts_with("0::") && line.ends_with(".server")), "{group}");
    }

    /// Enabling a threaded controller where processes are would make useless groups of those below.
    #[test]
    fn with_others_and_nothing_above_nothing_is_enabled() {
        let Some(tree) = Tree::new("threaded").filter(|_| reachable()) else { return };
        delegate(&tree.service);
        let _companion = tree.companion();
        assert_eq!(tree.ask(NOBODY), "/service, limits: false, is in service");
        let kind = fs::read_to_string(tree.service.join("cgroup.type")).expect("every group has it");
        assert_eq!(kind.trim(), "domain");
    }

    #[test]
    fn without_controllers_it_stays_where_it_is() {
        let Some(mut tree) = Tree::new("none") else { return };
        let given = std::mem::replace(&mut tree.controller, "nonsense".to_owned());
        let answer = tree.ask(0);
        tree.controller = given;
        assert_eq!(answer, "/service, limits: false, is in service");
    }

    /// As systemd does for `Delegate=yes`: the group and these files belong to the user.
    /// <https://systemd.io/CGROUP_DELEGATION/>
    fn delegate(folder: &Path) {
        let files = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"].map(|name| folder.join(name));
        for path in std::iter::once(folder.to_owned()).chain(files) {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("the test is root");
        }
    }

    /// Whether an ordinary user can start this program at all.
    fn reachable() -> bool {
        let mut command = Command::new(std::env::current_exe().expect("it runs"));
        let started = command.arg("--list").uid(NOBODY).gid(NOBODY).stdin(Stdio::null()).output().is_ok();
        if !started {
            eprintln!("SKIPPED: ordinary users cannot reach the folder of this program");
        }
        started
    }

    #[test]
    fn an_ordinary_user_limits_in_what_was_delegated() {
        let Some(tree) = Tree::new("user").filter(|_| reachable()) else { return };
        delegate(&tree.service);
        assert_eq!(tree.ask(NOBODY), "/service, limits: true, is in tidegate.PID.server");
    }

    #[test]
    fn an_ordinary_user_beside_others_takes_the_delegated_group_above() {
        let Some(tree) = Tree::new("scope").filter(|_| reachable()) else { return };
        delegate(&tree.slice);
        delegate(&tree.service);
        let _companion = tree.companion();
        assert_eq!(tree.ask(NOBODY), ", limits: true, is in service");
    }

    #[test]
    fn an_ordinary_user_without_delegation_has_no_groups() {
        let Some(tree) = Tree::new("session").filter(|_| reachable()) else { return };
        assert_eq!(tree.ask(NOBODY), "nothing, limits: false, is in service");
    }

    #[test]
    fn without_limits_there_is_still_freezing() {
        let Some(tree) = Tree::new("freeze").filter(|_| reachable()) else { return };
        delegate(&tree.service);
        tree.forbid();
        assert_eq!(tree.ask(NOBODY), "/service, limits: false, is in service");
    }
}
