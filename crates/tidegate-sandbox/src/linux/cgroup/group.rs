//! The control groups of one sandbox, one in each hierarchy.

use super::find::PREFIX;
use super::{Hierarchies, Place, Version};
use crate::error::Error;
use crate::layer::{Layer, Layers};
use crate::protocol::WatchKind;
use crate::spec::Limits;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The period over which processor time is shared out, in microseconds: the kernel's usual one.
const PERIOD_US: u64 = 100_000;
/// The least share of a period that the kernel takes.
const QUOTA_US_MIN: u64 = 1_000;

/// How often processes are looked for that others have started while these were moved.
const GATHER_ROUNDS_MAX: usize = 8;

/// The groups of one sandbox. [`Group::remove`] must be called when its processes are gone.
#[derive(Debug)]
pub(crate) struct Group {
    at: Hierarchies,
    name: String,
    /// Whether all processes are in the freezer's group.
    gathered: AtomicBool,
}

impl Group {
    /// Makes the groups that belong to the layers, if there are any.
    pub fn make(layers: Layers, limits: &Limits) -> Result<Option<Group>, Error> {
        let mut at = super::hierarchies().clone();
        let parts = [
            (Layer::Memory, &mut at.memory),
            (Layer::Cpu, &mut at.cpu),
            (Layer::Pids, &mut at.pids),
            (Layer::Freezer, &mut at.freezer),
        ];
        parts.into_iter().filter(|(layer, _)| !layers.has(*layer)).for_each(|(_, place)| *place = None);
        if !layers.has(Layer::Cpu) {
            // Counting is no reason for a group of its own.
            let others = [&at.memory, &at.pids, &at.freezer];
            at.cpu_count = at.cpu_count.take().filter(|place| others.contains(&&Some(place.clone())));
        }
        if at.places().is_empty() {
            return Ok(None);
        }
        Group::create(&at, limits).map(Some).map_err(|why| Error::System("make control groups", why))
    }

    /// Makes the groups and sets their limits.
    fn create(at: &Hierarchies, limits: &Limits) -> io::Result<Group> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{PREFIX}.{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let group = Group { at: at.clone(), name, gathered: AtomicBool::new(false) };
        match group.fill(limits) {
            Ok(()) => Ok(group),
            Err(why) => {
                group.remove(Duration::ZERO);
                Err(why)
            }
        }
    }

    fn fill(&self, limits: &Limits) -> io::Result<()> {
        for place in self.at.places() {
            let folder = place.folder.join(&self.name);
            // One left over from a server that had our process id is as good as new.
            fs::create_dir(&folder).or_else(|why| if folder.is_dir() { Ok(()) } else { Err(why) })?;
        }
        self.set_memory(limits.memory_bytes)?;
        self.set_cpu(limits.cpu_milli)?;
        match self.file(self.at.pids.as_ref(), "pids.max", "pids.max") {
            Some(file) => fs::write(file, limits.pids_max.to_string()),
            None => Ok(()),
        }
    }

    /// The files by which a process with one thread joins, open for writing.
    ///
    /// Moving a whole process waits until every processor of the machine has come by (`synchronize_rcu`), which takes
    /// milliseconds; moving the own thread does not, but that file exists in version 1 only.
    pub fn doors(&self) -> io::Result<Vec<OwnedFd>> {
        let name = |version| if version == Version::One { "tasks" } else { "cgroup.procs" };
        let open = |place: &Place| File::options().write(true).open(self.folder(place).join(name(place.version)));
        let late = self.late().map(|(freezer, _)| freezer);
        let places = self.at.places().into_iter().filter(|place| Some(*place) != late);
        places.map(|place| open(place).map(OwnedFd::from)).collect()
    }

    /// Where version 1 does all but freezing: the freezer of version 2, which processes join when it is used for the
    /// first time, and the group that lists them until then.
    fn late(&self) -> Option<(&Place, &Place)> {
        let freezer = self.at.freezer.as_ref().filter(|place| place.version == Version::Two)?;
        let others = [&self.at.memory, &self.at.pids, &self.at.cpu, &self.at.cpu_count];
        let all_one = others.iter().all(|place| place.as_ref().is_none_or(|place| place.version == Version::One));
        let list = self.at.pids.as_ref().or(self.at.memory.as_ref()).filter(|_| all_one)?;
        Some((freezer, list))
    }

    /// There are processes that may not be in the freezer's group yet.
    pub fn started(&self) {
        self.gathered.store(false, Ordering::Relaxed);
    }

    /// Moves all processes into the freezer's group. What they start later is in it from the beginning.
    fn gather(&self) {
        let Some((freezer, list)) = self.late() else { return };
        let read = |place| fs::read_to_string(self.folder(place).join("cgroup.procs")).unwrap_or_default();
        for _ in 0..GATHER_ROUNDS_MAX {
            let (here, there) = (read(freezer), read(list));
            let here: BTreeSet<&str> = here.lines().collect();
            let mut missing = there.lines().filter(|pid| !here.contains(pid)).peekable();
            if missing.peek().is_none() {
                return;
            }
            // One that has ended meanwhile need not be moved.
            missing.for_each(|pid| drop(fs::write(self.folder(freezer).join("cgroup.procs"), pid)));
        }
    }

    fn folder(&self, place: &Place) -> PathBuf {
        place.folder.join(&self.name)
    }

    /// A control file, by its name in each version.
    fn file(&self, place: Option<&Place>, one: &str, two: &str) -> Option<PathBuf> {
        let place = place?;
        Some(self.folder(place).join(if place.version == Version::One { one } else { two }))
    }

    /// Memory without swap.
    pub fn set_memory(&self, bytes: u64) -> io::Result<()> {
        let Some(file) = self.file(self.at.memory.as_ref(), "memory.limit_in_bytes", "memory.max") else {
            return Ok(());
        };
        let both = self.file(self.at.memory.as_ref(), "memory.memsw.limit_in_bytes", "memory.swap.max");
        let swap = if self.at.memory.as_ref().is_some_and(|place| place.version == Version::Two) { 0 } else { bytes };
        // With version 1, memory alone must never be above memory and swap together: the order depends on the
        // direction of the change. Kernels without swap accounting lack the second file.
        let write_both = || both.as_ref().is_some_and(|file| fs::write(file, swap.to_string()).is_ok());
        let raised = write_both();
        fs::write(file, bytes.to_string())?;
        let _ = raised || write_both();
        Ok(())
    }

    /// Thousandths of a processor; 0 for all.
    pub fn set_cpu(&self, milli: u32) -> io::Result<()> {
        let Some(place) = &self.at.cpu else { return Ok(()) };
        let quota = (u64::from(milli) * PERIOD_US / 1000).max(QUOTA_US_MIN);
        let (name, text) = match (place.version, milli) {
            (Version::One, 0) => ("cpu.cfs_quota_us", "-1".to_owned()),
            (Version::One, _) => ("cpu.cfs_quota_us", quota.to_string()),
            (Version::Two, 0) => ("cpu.max", format!("max {PERIOD_US}")),
            (Version::Two, _) => ("cpu.max", format!("{quota} {PERIOD_US}")),
        };
        fs::write(self.folder(place).join(name), text)
    }

    /// The most memory in use so far, in bytes.
    pub fn memory_peak(&self) -> Option<u64> {
        let file = self.file(self.at.memory.as_ref(), "memory.max_usage_in_bytes", "memory.peak")?;
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }

    /// How many processes the kernel has killed for want of memory.
    pub fn memory_kills(&self) -> u64 {
        let file = self.file(self.at.memory.as_ref(), "memory.oom_control", "memory.events");
        file.and_then(|file| value_of(&file, "oom_kill")).unwrap_or(0)
    }

    /// Processor time used so far.
    pub fn cpu_time(&self) -> Option<Duration> {
        let place = self.at.cpu_count.as_ref()?;
        match place.version {
            Version::One => {
                let text = fs::read_to_string(self.folder(place).join("cpuacct.usage")).ok()?;
                text.trim().parse().ok().map(Duration::from_nanos)
            }
            Version::Two => value_of(&self.folder(place).join("cpu.stat"), "usage_usec").map(Duration::from_micros),
        }
    }

    /// Stops or continues all processes; `false` where there is no freezer.
    pub fn freeze(&self, stop: bool) -> io::Result<bool> {
        let Some(place) = &self.at.freezer else { return Ok(false) };
        if stop && !self.gathered.swap(true, Ordering::Relaxed) {
            self.gather();
        }
        let (name, text) = match (place.version, stop) {
            (Version::One, true) => ("freezer.state", "FROZEN"),
            (Version::One, false) => ("freezer.state", "THAWED"),
            (Version::Two, true) => ("cgroup.freeze", "1"),
            (Version::Two, false) => ("cgroup.freeze", "0"),
        };
        fs::write(self.folder(place).join(name), text).map(|()| true)
    }

    /// The file that thaws the group when `THAWED` is written to it, where killed processes stay frozen otherwise.
    pub fn thaw_file(&self) -> io::Result<Option<OwnedFd>> {
        let place = self.at.freezer.as_ref().filter(|place| place.version == Version::One);
        let open = |place| File::options().write(true).open(self.folder(place).join("freezer.state"));
        place.map(open).transpose().map(|file| file.map(OwnedFd::from))
    }

    /// Kills what may be left in the groups, for where there is no process namespace to do it.
    pub fn kill(&self) {
        for place in self.at.places().into_iter().filter(|place| place.version == Version::Two) {
            let _ = fs::write(self.folder(place).join("cgroup.kill"), "1");
        }
    }

    /// Removes the groups, waiting for at most `patience` for the last process to be gone.
    pub fn remove(&self, patience: Duration) {
        let end = Instant::now() + patience;
        for place in self.at.places() {
            let folder = self.folder(place);
            while fs::remove_dir(&folder).is_err_and(|why| why.kind() == io::ErrorKind::ResourceBusy)
                && Instant::now() < end
            {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
    }

    /// The files that the memory watch needs, in the order of [`WatchKind`].
    pub fn watch(&self) -> io::Result<(WatchKind, Vec<OwnedFd>)> {
        let Some(place) = &self.at.memory else { return Ok((WatchKind::None, Vec::new())) };
        let folder = self.folder(place);
        let open = |name: &str, write: bool| {
            File::options().read(!write).write(write).open(folder.join(name)).map(OwnedFd::from)
        };
        // Kernels without swap accounting lack this file; writing elsewhere does no harm.
        let swap =
            |name: &str| open(name, true).or_else(|_| File::options().write(true).open("/dev/null").map(Into::into));
        let (kind, files) = match place.version {
            Version::One => (
                WatchKind::One,
                vec![
                    open("memory.usage_in_bytes", false),
                    open("memory.limit_in_bytes", true),
                    swap("memory.memsw.limit_in_bytes"),
                    open("cgroup.event_control", true),
                ],
            ),
            Version::Two => (
                WatchKind::Two,
                vec![
                    open("memory.current", false),
                    open("memory.max", true),
                    swap("memory.swap.max"),
                    open("memory.high", true),
                    open("memory.events", false),
                ],
            ),
        };
        Ok((kind, files.into_iter().collect::<io::Result<_>>()?))
    }
}

/// The number behind a word in a file with one word and number on each line.
fn value_of(file: &Path, word: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' ')?.trim().parse().ok())
}

/// Which file gets which value, in a folder that stands in for the kernel's; what the kernel makes of them is for the
/// tests with real sandboxes.
#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: fn() -> Limits =
        || Limits { memory_bytes: 134_217_728, cpu_milli: 1500, pids_max: 1024, ..Limits::default() };

    /// A group with every purpose in one place; what the kernel would have in it is written beforehand.
    fn group(version: Version, found: &[(&str, &str)]) -> (tempfile::TempDir, Group) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let place = Some(Place { folder: dir.path().to_owned(), version });
        let at = Hierarchies {
            memory: place.clone(),
            cpu: place.clone(),
            cpu_count: place.clone(),
            pids: place.clone(),
            freezer: place,
        };
        let group = Group::create(&at, &LIMITS()).expect("a folder can be made");
        for (name, text) in found {
            fs::write(dir.path().join(&group.name).join(name), text).expect("a file can be written");
        }
        (dir, group)
    }

    fn written(dir: &tempfile::TempDir, group: &Group, name: &str) -> String {
        fs::read_to_string(dir.path().join(&group.name).join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// <https://docs.kernel.org/admin-guide/cgroup-v2.html>
    #[test]
    fn version_two_gets_its_files() {
        let (dir, group) = group(Version::Two, &[]);
        for (name, text) in
            [("memory.max", "134217728"), ("memory.swap.max", "0"), ("pids.max", "1024"), ("cpu.max", "150000 100000")]
        {
            assert_eq!(written(&dir, &group, name), text, "{name}");
        }
        group.set_memory(1 << 20).expect("it can be written");
        group.set_cpu(0).expect("it can be written");
        assert_eq!(written(&dir, &group, "memory.max"), "1048576");
        assert_eq!(written(&dir, &group, "cpu.max"), "max 100000");
        group.set_cpu(1).expect("it can be written");
        assert_eq!(written(&dir, &group, "cpu.max"), "1000 100000", "the least that the kernel takes");
        for (stop, text) in [(true, "1"), (false, "0")] {
            assert!(group.freeze(stop).expect("there is a freezer"));
            assert_eq!(written(&dir, &group, "cgroup.freeze"), text);
        }
        group.kill();
        assert_eq!(written(&dir, &group, "cgroup.kill"), "1");
        assert!(group.thaw_file().expect("nothing to open").is_none(), "what is killed goes even if it is frozen");
    }

    /// <https://docs.kernel.org/admin-guide/cgroup-v1/index.html>
    #[test]
    fn version_one_gets_its_files() {
        let (dir, group) = group(Version::One, &[]);
        for (name, text) in [
            ("memory.limit_in_bytes", "134217728"),
            ("memory.memsw.limit_in_bytes", "134217728"),
            ("pids.max", "1024"),
            ("cpu.cfs_quota_us", "150000"),
        ] {
            assert_eq!(written(&dir, &group, name), text, "{name}");
        }
        group.set_cpu(0).expect("it can be written");
        assert_eq!(written(&dir, &group, "cpu.cfs_quota_us"), "-1");
        for (stop, text) in [(true, "FROZEN"), (false, "THAWED")] {
            assert!(group.freeze(stop).expect("there is a freezer"));
            assert_eq!(written(&dir, &group, "freezer.state"), text);
        }
        assert!(group.thaw_file().expect("it can be opened").is_some());
        group.kill();
        assert!(!dir.path().join(&group.name).join("cgroup.kill").exists());
    }

    #[test]
    fn counts_are_read() {
        let two = [
            ("memory.peak", "12345\n"),
            ("memory.events", "low 0\nhigh 7\nmax 3\noom 2\noom_kill 1\noom_group_kill 0\n"),
            ("cpu.stat", "usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n"),
        ];
        let one = [
            ("memory.max_usage_in_bytes", "12345\n"),
            ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"),
            ("cpuacct.usage", "2500000\n"),
        ];
        for (version, found) in [(Version::Two, two), (Version::One, one)] {
            let (_dir, group) = group(version, &found);
            assert_eq!(group.memory_peak(), Some(12_345));
            assert_eq!(group.memory_kills(), 1);
            assert_eq!(group.cpu_time(), Some(Duration::from_micros(2500)));
        }
        // Kernels before 5.19 do not count the peak.
        assert_eq!(group(Version::Two, &[]).1.memory_peak(), None);
    }

    #[test]
    fn the_freezer_of_version_two_is_joined_late_where_version_one_limits() {
        let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let place = |dir: &tempfile::TempDir, version| Some(Place { folder: dir.path().to_owned(), version });
        let at = Hierarchies {
            memory: place(&one, Version::One),
            pids: place(&one, Version::One),
            freezer: place(&two, Version::Two),
            ..Hierarchies::default()
        };
        let group = Group::create(&at, &LIMITS()).expect("folders can be made");
        let (here, there) = (one.path().join(&group.name), two.path().join(&group.name));
        fs::write(here.join("tasks"), "").expect("a file can be written");
        fs::write(here.join("cgroup.procs"), "41\n").expect("a file can be written");
        fs::write(there.join("cgroup.procs"), "").expect("a file can be written");
        assert_eq!(
            group.doors().expect("they can be opened").len(),
            1,
            "joining a group of version 2 takes milliseconds"
        );
        group.started();
        assert!(group.freeze(true).expect("there is a freezer"));
        assert_eq!(fs::read_to_string(there.join("cgroup.procs")).expect("it is there"), "41");
        let at = Hierarchies { memory: place(&two, Version::Two), ..at };
        let mixed = Group::create(&at, &LIMITS()).expect("folders can be made");
        fs::write(two.path().join(&mixed.name).join("cgroup.procs"), "").expect("a file can be written");
        fs::write(one.path().join(&mixed.name).join("tasks"), "").expect("a file can be written");
        assert_eq!(mixed.doors().expect("they can be opened").len(), 2, "a group that limits is joined at once");
    }
}
