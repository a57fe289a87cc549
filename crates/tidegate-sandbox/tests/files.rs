//! What programs see of the file system, and what they can do to it.

mod common;

use common::*;
use tidegate_sandbox::{Limits, Mount, MountKind, Options, Sandbox, Status};

/// Another sandbox's code, temporary files and environment.
#[test]
fn other_sandboxes_are_invisible() {
    if !isolated() {
        return;
    }
    let code = tempfile::tempdir().unwrap();
    std::fs::write(code.path().join("secret.txt"), "secret").unwrap();
    let other = sandbox();
    other.mount(code.path(), "/var/task".as_ref()).unwrap();
    let mut first = shell("echo secret > /tmp/secret.txt; cat /var/task/secret.txt; exec sleep 100");
    first.env.push(("SECRET".into(), "secret".into()));
    let process = other.start(&first).unwrap();
    let mut text = [0; 6];
    std::io::Read::read_exact(&mut std::fs::File::from(process.stdout), &mut text).unwrap();
    assert_eq!(&text, b"secret");

    let mine = sandbox();
    let outcome = run(
        &mine,
        &shell(
            "ls -A /tmp /var/task /opt; cat /proc/*/environ | tr '\\0' '\\n'; ls -d /proc/[0-9]*; grep -r secret /tmp",
        ),
    );
    assert!(!outcome.stdout.contains("secret"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("SECRET"), "{}", outcome.stdout);
}

#[test]
fn the_root_holds_only_the_image() {
    if !isolated() {
        return;
    }
    let secret = tempfile::NamedTempFile::new().unwrap();
    let outcome = run(&sandbox(), &shell("ls -A /"));
    let mut names: Vec<&str> = outcome.stdout.split_whitespace().collect();
    let image =
        ["bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "nix", "opt", "proc", "sbin", "tmp", "usr", "var"];
    names.retain(|name| !image.contains(name));
    assert_eq!(names, [""; 0]);
    let home = std::env::var("HOME").unwrap_or_else(|_| "/root".to_owned());
    let server = std::env::current_exe().unwrap().display().to_string();
    for path in [
        "/etc/shadow",
        "/root",
        "/home",
        "/run",
        "/var/run/docker.sock",
        "/var/lib",
        "/sys",
        "/boot",
        "/mnt",
        home.as_str(),
        server.as_str(),
        secret.path().to_str().unwrap(),
        "/proc/1/root/etc/shadow",
        "/proc/1/cwd/root",
    ] {
        let outcome = run(&sandbox(), &shell(&format!("ls -d {path}; cat {path}")));
        assert_ne!(outcome.status, Status::Code(0), "{path} {}", outcome.stdout);
        assert_eq!(outcome.stdout, "", "{path}");
    }
}

#[test]
fn only_the_temporary_folder_can_be_written() {
    if !isolated() {
        return;
    }
    let code = tempfile::tempdir().unwrap();
    std::fs::write(code.path().join("index.js"), "code").unwrap();
    std::os::unix::fs::chown(code.path(), Some(0x7000_0001), None).ok();
    std::fs::set_permissions(code.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let sandbox = sandbox();
    sandbox.mount(code.path(), "/var/task".as_ref()).unwrap();
    for place in [
        "/x",
        "/var/task/x",
        "/var/task/index.js",
        "/opt/x",
        "/usr/x",
        "/etc/x",
        "/etc/passwd",
        "/dev/x",
        "/proc/sys/kernel/hostname",
        "/proc/sysrq-trigger",
        "/proc/self/oom_score_adj",
        "/proc/1/oom_score_adj",
        "/proc/self/uid_map",
        "/var/x",
        "/sys/x",
    ] {
        let outcome = run(&sandbox, &shell(&format!("echo x > {place}")));
        assert_ne!(outcome.status, Status::Code(0), "{place}");
        let expected = ["Read-only file system", "Permission denied", "nonexistent", "No such file"];
        assert!(expected.iter().any(|text| outcome.stderr.contains(text)), "{place}: {}", outcome.stderr);
    }
    assert_eq!(run(&sandbox, &shell("echo x > /tmp/x && echo x > /dev/null")).status, Status::Code(0));
    assert_eq!(std::fs::read(code.path().join("index.js")).unwrap(), b"code");
}

/// A folder that comes later is seen by a program that runs already.
#[test]
fn late_mounts_reach_running_programs() {
    if !isolated() {
        return;
    }
    let code = tempfile::tempdir().unwrap();
    std::fs::write(code.path().join("index.js"), "late").unwrap();
    let sandbox = sandbox();
    let process = sandbox.start(&shell("while ! cat /var/task/index.js 2>/dev/null; do sleep 0.01; done")).unwrap();
    sandbox.mount(code.path(), "/var/task".as_ref()).unwrap();
    let outcome = finish(&sandbox, process);
    assert_eq!(outcome.stdout, "late");
    assert_eq!(run(&sandbox, &shell("cat /var/task/index.js; echo x > /var/task/y")).stdout, "late");
    assert!(!code.path().join("y").exists());
}

#[test]
fn the_temporary_folder_outlives_programs_but_not_the_sandbox() {
    if !isolated() {
        return;
    }
    let sandbox = sandbox();
    run(&sandbox, &shell("echo kept > /tmp/file; mkdir /tmp/folder"));
    sandbox.kill_all().unwrap();
    assert_eq!(run(&sandbox, &shell("cat /tmp/file; ls -d /tmp/folder")).stdout, "kept\n/tmp/folder\n");
    drop(sandbox);
    assert_eq!(run(&common::sandbox(), &shell("ls -A /tmp")).stdout, "");
}

/// Space is limited by bytes and by number of files, and does not count as memory.
#[test]
fn the_temporary_folder_has_a_size() {
    if !isolated() {
        return;
    }
    let mut spec = spec();
    spec.root.push(Mount { target: "/tmp".into(), kind: MountKind::Tmpfs { bytes: 512 << 20, inodes: 100 } });
    spec.limits = Limits { memory_bytes: 128 << 20, ..Limits::default() };
    let sandbox = Sandbox::spawn(&spec, &Options::default()).unwrap();
    let outcome =
        run(&sandbox, &shell("for i in $(seq 1 200); do touch /tmp/$i || break; done; ls /tmp | wc -l; rm /tmp/*"));
    assert!(outcome.stderr.contains("No space left"), "{outcome:?}");
    assert!(outcome.stdout.trim().parse::<u32>().unwrap() <= 100);
    let outcome = run(&sandbox, &shell("cat /dev/zero > /tmp/big; stat -c %s /tmp/big"));
    assert!(outcome.stderr.contains("No space left"), "{outcome:?}");
    assert_eq!(outcome.stdout.trim(), (512 << 20).to_string());
    assert!(!outcome.out_of_memory);
}
