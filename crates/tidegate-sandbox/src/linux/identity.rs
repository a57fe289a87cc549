//! Who programs are on the host.

use crate::spec::User;
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
    /// The server is an ordinary user: there is only his own id to give, and only one inside.
    pub single: bool,
    /// The host's id of the supervisor.
    supervisor: (u32, u32),
    /// The host's id of the programs.
    programs: (u32, u32),
}

impl Identity {
    /// A fresh identity for the user that programs see.
    pub fn new(inside: &User) -> Identity {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // SAFETY: these calls cannot fail and involve no memory.
        let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
        if uid != 0 {
            return Identity { inside: inside.clone(), single: true, supervisor: (uid, gid), programs: (uid, gid) };
        }
        let id = FIRST_ID + 2 * (NEXT.fetch_add(1, Ordering::Relaxed) % SLOTS);
        Identity { inside: inside.clone(), single: false, supervisor: (id, id), programs: (id + 1, id + 1) }
    }

    /// The user as a program must be told to become it where there is no user namespace.
    pub fn without_namespace(&self) -> User {
        User { uid: self.programs.0, gid: self.programs.1 }
    }

    /// The text for `/proc/PID/uid_map`.
    pub fn uid_map(&self) -> String {
        self.map(self.inside.uid, self.supervisor.0, self.programs.0)
    }

    /// The text for `/proc/PID/gid_map`.
    pub fn gid_map(&self) -> String {
        self.map(self.inside.gid, self.supervisor.1, self.programs.1)
    }

    fn map(&self, inside: u32, supervisor: u32, programs: u32) -> String {
        if self.single {
            format!("{inside} {programs} 1\n")
        } else {
            format!("0 {supervisor} 1\n{inside} {programs} 1\n")
        }
    }
}
