//! `cargo xtask sandbox`: the sandbox's tests once more, in other situations than the one that the tests run in: as an
//! ordinary user, without control groups, with those of version 2 alone, and in a kernel that has no others.

use crate::check::execute;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// User and group of the ordinary user.
const NOBODY: &str = "65534";
/// What becomes a program of the ordinary user's.
const AS_NOBODY: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
/// The kernel that is a program, from Debian's package of the name user-mode-linux.
const KERNEL: &str = "linux.uml";
/// The tests that have to do with control groups, of those that are not too slow there.
const OF_GROUPS: [&str; 4] = ["memory", "portable", "processes", "tidegate_sandbox"];
/// Layers that this kernel has, so that no test may be left out for want of them.
const LIMITS: [&str; 4] = ["memory-cgroup", "cpu-cgroup", "pids-cgroup", "freezer"];

/// Runs all of them; those that only root can bring about are left out for others, loudly.
pub fn run(_args: &[String]) -> Result<(), String> {
    if std::fs::metadata("/proc/self").map_or(true, |own| std::os::unix::fs::MetadataExt::uid(&own) != 0) {
        println!("*** only root can change what the sandbox finds itself in: its tests ran as this user only ***");
        return Ok(());
    }
    let folder = Folder::new()?;
    let tests = folder.tests()?;
    for test in &tests {
        let mut user = Command::new(AS_NOBODY[0]);
        user.args(&AS_NOBODY[1..]).arg(test).env("HOME", "/nonexistent");
        quietly(&mut user)?;
        quietly(in_mounts("umount -R /sys/fs/cgroup").arg(test))?;
        quietly(in_mounts("umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup").arg(test))?;
    }
    in_kernel(&folder, &tests)
}

/// Copies of the tests' programs where an ordinary user can reach them.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        let folder = std::env::temp_dir().join(format!("tidegate-sandbox-tests-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        Ok(Folder(folder))
    }

    fn tests(&self) -> Result<Vec<PathBuf>, String> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let built = Command::new(cargo)
            .args(["test", "--package", "tidegate-sandbox", "--tests", "--no-run", "--quiet", "--message-format=json"])
            .current_dir(crate::root())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|why| why.to_string())?;
        let text = String::from_utf8_lossy(&built.stdout).into_owned();
        let programs = text.lines().filter_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            message["profile"]["test"].as_bool().filter(|test| *test)?;
            message["executable"].as_str().map(PathBuf::from)
        });
        let tests: Vec<PathBuf> = programs.map(|program| self.copy(&program)).collect::<Result<_, _>>()?;
        if tests.is_empty() { Err("the sandbox's tests could not be built".to_owned()) } else { Ok(tests) }
    }

    fn copy(&self, program: &Path) -> Result<PathBuf, String> {
        let target = self.0.join(program.file_name().unwrap_or_default());
        std::fs::copy(program, &target).map_err(|why| format!("{}: {why}", target.display()))?;
        Ok(target)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A command that changes what is mounted for itself, and then becomes its arguments.
fn in_mounts(change: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &format!("{change} && exec \"$@\""), "sh"]);
    command
}

fn quietly(command: &mut Command) -> Result<(), String> {
    execute(command.arg("--quiet"))
}

/// In a kernel that knows version 2 alone: as root, and as an ordinary user in a group that was delegated to it.
fn in_kernel(folder: &Folder, tests: &[PathBuf]) -> Result<(), String> {
    if Command::new(KERNEL).arg("--version").output().is_err() {
        println!(
            "*** there is no {KERNEL}: the sandbox is not tried in a kernel with control groups of version 2 alone ***"
        );
        return Ok(());
    }
    let of_groups = |test: &&PathBuf| {
        let name = test.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        OF_GROUPS.iter().any(|start| name.starts_with(start))
    };
    let programs: String = tests.iter().filter(of_groups).map(|test| format!("try {}\n", test.display())).collect();
    let init = folder.0.join("init.sh");

    let script = format!("{}{programs}{}", PROLOGUE.replace("NOBODY", NOBODY), EPILOGUE);
    std::fs::write(&init, script).map_err(|why| why.to_string())?;
    let runs = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&init, runs).map_err(|why| why.to_string())?;
    let output = Command::new("timeout")
        .args(["900", KERNEL, "mem=1500M", "root=none", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", "con=null"])
        .args(["con0=fd:0,fd:1", &format!("init={}", init.display())])
        .stdin(Stdio::null())
        .output()
        .map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .filter(|line| line.starts_with("==") || line.contains("test result"))
        .for_each(|line| println!("{line}"));
    if !text.contains("== as root") || text.contains("Kernel panic") {
        // It needs much of its host, and dies when it is stopped and continued: nothing that is ours to fail for.
        println!("*** {KERNEL} does not run here: the sandbox is not tried with version 2 alone:\n{text} ***");
        return Ok(());
    }
    let left_out = LIMITS.iter().any(|layer| text.contains(&format!("SKIPPED: no {layer}")));
    if text.contains("ALL-PASSED") && !left_out { Ok(()) } else { Err(format!("in {KERNEL}:\n{text}")) }
}

/// The first process of that kernel. Its file tree is the machine's, read-only.
const PROLOGUE: &str = r#"#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent
mount -t proc proc /proc; mount -t sysfs sys /sys
HERE=$(dirname "$0"); mount -t tmpfs run /run; mkdir /run/tests; mount --bind "$HERE" /run/tests
mount -t cgroup2 groups /sys/fs/cgroup
ip link set lo up
failed=0 number=0
try() {
    program=/run/tests/$(basename "$1")
    echo "== as root, version 2 alone: $(basename "$1")"
    "$program" --quiet --color=never --nocapture || failed=1
    number=$((number + 1)); group=/sys/fs/cgroup/service-$number
    echo "+memory +pids +cpu" > /sys/fs/cgroup/cgroup.subtree_control
    mkdir $group; chown NOBODY:NOBODY $group $group/cgroup.procs $group/cgroup.subtree_control $group/cgroup.threads
    echo "== as an ordinary user with a delegated group: $(basename "$1")"
    sh -c 'echo 0 > "$1/cgroup.procs"; shift; exec "$@"' sh $group \
        setpriv --reuid=NOBODY --regid=NOBODY --clear-groups "$program" --quiet --color=never --nocapture || failed=1
}
mkdir /run/tmp; chmod 1777 /run/tmp; mount --bind /run/tmp /tmp
"#;
const EPILOGUE: &str = "[ $failed = 0 ] && echo ALL-PASSED\nhalt -f -p\n";
