//! Who programs are on the host.

use crate::spec::User;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The first of the host's user ids given to sandboxes: above every range that distributions, containers and
/// directories use, below the sign bit.
const FIRST_ID: u32 = 0x7000_0000;
/// Number of sandboxes with distinct ids; the next ones begin anew.
const SLOTS: u32 = 1 << 20;

/// The outside of a sandbox's identity. The same numbers serve as user and as group ids.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    inside: User,
    /// There is only the server's own id to give, and so only one inside: the server is an ordinary user, or root of a
    /// container that has no other.
    pub single: bool,
    /// The id of the supervisor.
    supervisor: User,
    /// The id of the programs.
    programs: User,
}

/// The ids that this server can give away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Supply {
    /// Two for each sandbox.
    Many,
    /// These two for all sandboxes.
    Two(u32, u32),
    /// None but its own.
    None,
}

impl Identity {
    /// A fresh identity for the user that programs see.
    pub fn new(inside: &User) -> Identity {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let both = |id| User { uid: id, gid: id };
        let slot = FIRST_ID + 2 * (NEXT.fetch_add(1, Ordering::Relaxed) % SLOTS);
        let (supervisor, programs) = match supply() {
            Supply::Many => (both(slot), both(slot + 1)),
            Supply::Two(supervisor, programs) => (both(supervisor), both(programs)),
            Supply::None => (own(), own()),
        };
        Identity { inside: inside.clone(), single: supply() == Supply::None, supervisor, programs }
    }

    /// The user as a program must be told to become it where there is no user namespace.
    pub fn without_namespace(&self) -> User {
        self.programs.clone()
    }

    /// The text for `/proc/PID/uid_map`.
    pub fn uid_map(&self) -> String {
        self.map(self.inside.uid, self.supervisor.uid, self.programs.uid)
    }

    /// The text for `/proc/PID/gid_map`.
    pub fn gid_map(&self) -> String {
        self.map(self.inside.gid, self.supervisor.gid, self.programs.gid)
    }

    fn map(&self, inside: u32, supervisor: u32, programs: u32) -> String {
        if self.single {
            return format!("{inside} {programs} 1\n");
        }
        format!("0 {supervisor} 1\n{inside} {programs} 1\n")
    }
}

/// Whether sandboxes get an id of their own, so that they are strangers to the server's files.
pub(crate) fn distinct() -> bool {
    supply() != Supply::None
}

fn own() -> User {
    // SAFETY: these calls cannot fail and involve no memory.
    unsafe { User { uid: libc::geteuid(), gid: libc::getegid() } }
}

fn supply() -> Supply {
    static SUPPLY: OnceLock<Supply> = OnceLock::new();
    *SUPPLY.get_or_init(|| {
        if own().uid != 0 {
            return Supply::None;
        }
        let read = |file| std::fs::read_to_string(file).unwrap_or_default();
        supply_of(&read("/proc/self/uid_map"), &read("/proc/self/gid_map"))
    })
}

/// The supply of root, whose own namespace may know a part of all ids only.
fn supply_of(uid_map: &str, gid_map: &str) -> Supply {
    let end = last_end(uid_map).min(last_end(gid_map));
    match u32::try_from(end) {
        Ok(end) if end < 1000 => Supply::None,
        Ok(end) if end < FIRST_ID + 2 * SLOTS => Supply::Two(end - 1, end - 2),
        _ => Supply::Many,
    }
}

/// The end of the last range of ids that exist here.
fn last_end(map: &str) -> u64 {
    let ends = map.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(|number| number.parse::<u64>().ok());
        let (first, _, count) = (numbers.next()??, numbers.next()??, numbers.next()??);
        Some(first + count)
    });
    ends.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supplies() {
        let whole = "         0          0 4294967295\n";
        let rootless = "0 1000 1\n1 100000 65536\n";
        for (uids, gids, expected) in [
            (whole, whole, Supply::Many),
            (rootless, rootless, Supply::Two(65_536, 65_535)),
            (whole, rootless, Supply::Two(65_536, 65_535)),
            ("0 1000 1\n", "0 1000 1\n", Supply::None),
            ("", "", Supply::None),
        ] {
            assert_eq!(supply_of(uids, gids), expected, "{uids} {gids}");
        }
    }

    #[test]
    fn maps() {
        let identity = Identity {
            inside: User { uid: 993, gid: 990 },
            single: false,
            supervisor: User { uid: 10, gid: 20 },
            programs: User { uid: 11, gid: 21 },
        };
        assert_eq!(identity.uid_map(), "0 10 1\n993 11 1\n");
        assert_eq!(identity.gid_map(), "0 20 1\n990 21 1\n");
        assert_eq!(Identity { single: true, ..identity }.uid_map(), "993 11 1\n");
    }
}
