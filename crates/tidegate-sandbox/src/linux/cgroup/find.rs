//! Finding out which control groups this process may make.

use super::{Hierarchies, Place, Version, two};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Names of our groups: this, the server's process id, and a number.
pub(super) const PREFIX: &str = "tidegate";

/// The usable hierarchies, found once. Groups left by servers that are gone are removed on the way.
pub(crate) fn hierarchies() -> &'static Hierarchies {
    static FOUND: OnceLock<Hierarchies> = OnceLock::new();
    FOUND.get_or_init(|| {
        let found = find();
        found.places().into_iter().for_each(|place| sweep(&place.folder));
        found
    })
}

fn find() -> Hierarchies {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let one = |controller: &str| version_one(&mounts, &own, controller);
    let two = version_two(&mounts, &own);
    let enabled = |controller: &str| two.clone().filter(|place| two::enable(&place.folder, controller));
    Hierarchies {
        memory: one("memory").or_else(|| enabled("memory")),
        cpu: one("cpu").or_else(|| enabled("cpu")),
        // Version 2 counts processor time and freezes even without a controller. Its freezer is much the faster one,
        // and lets go of killed processes.
        cpu_count: one("cpuacct").or_else(|| two.clone()),
        pids: one("pids").or_else(|| enabled("pids")),
        freezer: two.clone().filter(freezes).or_else(|| one("freezer")),
    }
}

/// Mount point, root within the file system, file system type and its options, of each line of `mountinfo`.
pub(super) fn mount_points(mounts: &str) -> impl Iterator<Item = (&str, &str, &str, &str)> {
    mounts.lines().filter_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(3);
        let (root, point) = (left.next()?, left.next()?);
        let mut right = right.split(' ');
        Some((point, root, right.next()?, right.nth(1)?))
    })
}

fn version_one(mounts: &str, own: &str, controller: &str) -> Option<Place> {
    let (point, root, ..) = mount_points(mounts)
        .find(|(_, _, kind, options)| *kind == "cgroup" && options.split(',').any(|option| option == controller))?;
    let path = own.lines().find_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        fields.next()?.split(',').any(|name| name == controller).then(|| fields.next())?
    })?;
    let place = Place { folder: folder(point, root, path), version: Version::One };
    usable(&place.folder).then_some(place)
}

fn version_two(mounts: &str, own: &str) -> Option<Place> {
    let (point, root, ..) = mount_points(mounts).find(|(_, _, kind, _)| *kind == "cgroup2")?;
    let path = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    let folder = two::choose(&folder(point, root, path), Path::new(point), "memory")?;
    Some(Place { folder, version: Version::Two })
}

/// The folder of a group: its path is relative to the root of what is mounted.
fn folder(point: &str, root: &str, path: &str) -> PathBuf {
    let inner = Path::new(path).strip_prefix(root).unwrap_or(Path::new(path));
    Path::new(point).join(inner.strip_prefix("/").unwrap_or(inner))
}

/// Whether a group can be made here.
pub(super) fn usable(folder: &Path) -> bool {
    let trial = folder.join(format!("{PREFIX}.{}.trial", std::process::id()));
    fs::create_dir(&trial).is_ok() && fs::remove_dir(&trial).is_ok()
}

fn freezes(place: &Place) -> bool {
    let trial = place.folder.join(format!("{PREFIX}.{}.freeze", std::process::id()));
    let made = fs::create_dir(&trial).is_ok();
    let freezes = trial.join("cgroup.freeze").exists();
    made && fs::remove_dir(&trial).is_ok() && freezes
}

/// Removes the groups of servers that are gone. Groups with processes cannot be removed, so nothing can go wrong.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_prefix('.')?.split('.').next());
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = fs::write(entry.path().join("freezer.state"), "THAWED");
            let _ = fs::remove_dir(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mountinfo_lines() {
        let text = "30 23 0:26 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n\
                    35 32 0:30 /a /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\nnonsense\n";
        let found: Vec<_> = mount_points(text).collect();
        assert_eq!(found[0], ("/sys/fs/cgroup/memory", "/", "cgroup", "rw,memory"));
        assert_eq!(found[1], ("/sys/fs/cgroup", "/a", "cgroup2", "rw,nsdelegate"));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn folders_are_relative_to_the_mounted_root() {
        assert_eq!(folder("/c", "/", "/x/y"), Path::new("/c/x/y"));
        assert_eq!(folder("/c", "/x", "/x/y"), Path::new("/c/y"));
        assert_eq!(folder("/c", "/x", "/x"), Path::new("/c"));
        assert_eq!(folder("/c", "/", "/"), Path::new("/c"));
    }
}
