//! The filter of system calls: what programs may not do even where the kernel would let them.
//!
//! A list of refusals, not of permissions: language runtimes use most of the kernel, and new versions use new calls.
//! Refused is what changes or looks beyond the sandbox and what only serves to attack the kernel. Calls newer than the
//! list do not exist for programs.

use crate::sys::check;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

/// One instruction of the filter machine.
type Instruction = libc::sock_filter;

/// What `AUDIT_ARCH_*` says about this machine.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;

/// Whether there is a filter for this machine.
pub(crate) const SUPPORTED: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: u32 = 0;

/// The first system call that programs do not know of (on x86-64 this is also where the x32 ones are).
const FIRST_UNKNOWN: u32 = 463;

/// Offsets in `struct seccomp_data`: number, architecture, and the low half of each argument (both are little-endian).
const NUMBER_AT: u32 = 0;
const ARCHITECTURE_AT: u32 = 4;
const fn argument_at(index: u32) -> u32 {
    16 + 8 * index
}

/// Flags of `clone` that make namespaces.
const NAMESPACES: u32 = (libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP) as u32;

/// Refused with `EPERM`, on every machine.
const REFUSED: &[libc::c_long] = &[
    // File trees and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    457, // statmount
    458, // listmount
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_personality,
    // Doors into the kernel with a long history of holes.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_memfd_secret,
    libc::SYS_lookup_dcookie,
    libc::SYS_vmsplice,
    // The whole machine.
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_syslog,
    libc::SYS_acct,
    libc::SYS_vhangup,
    libc::SYS_nfsservctl,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
];

/// Refused with `EPERM`, on machines with a past.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[libc::c_long] = &[
    libc::SYS_kexec_file_load,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_uselib,
    libc::SYS_ustat,
    libc::SYS_sysfs,
    libc::SYS__sysctl,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[libc::c_long] = &[
    294, // kexec_file_load
];

/// Socket families that programs may use. Netlink only for the routing family, by which libraries list addresses.
const FAMILIES: [libc::c_int; 3] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6];

const fn statement(code: u32, value: u32) -> Instruction {
    Instruction { code: code as u16, jt: 0, jf: 0, k: value }
}

const fn load(offset: u32) -> Instruction {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

const fn answer(action: u32) -> Instruction {
    statement(libc::BPF_RET | libc::BPF_K, action)
}

const fn fail_with(errno: libc::c_int) -> Instruction {
    answer(libc::SECCOMP_RET_ERRNO | errno as u32)
}

/// Jumps over `yes` or `no` instructions, after the comparison of what was loaded with `value`.
const fn jump(comparison: u32, value: u32, yes: u8, no: u8) -> Instruction {
    Instruction { code: (libc::BPF_JMP | comparison | libc::BPF_K) as u16, jt: yes, jf: no, k: value }
}

/// Calls that a [`super::gate`] makes on the programs' behalf.
const HANDED_OVER: [libc::c_long; 2] = [libc::SYS_connect, libc::SYS_listen];

/// Calls that connect a socket by the way if told to, and which of their arguments holds the flag.
const FAST_OPEN: [(libc::c_long, u32); 3] = [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)];

/// The whole filter; with `gate`, connecting is handed over.
fn filter(gate: bool) -> Vec<Instruction> {
    let mut code = vec![
        load(ARCHITECTURE_AT),
        jump(libc::BPF_JEQ, ARCHITECTURE, 1, 0),
        answer(libc::SECCOMP_RET_KILL_PROCESS),
        load(NUMBER_AT),
        jump(libc::BPF_JGE, FIRST_UNKNOWN, 0, 1),
        fail_with(libc::ENOSYS),
    ];
    for number in REFUSED.iter().chain(REFUSED_HERE) {
        code.extend([jump(libc::BPF_JEQ, *number as u32, 0, 1), fail_with(libc::EPERM)]);
    }
    // Its flags lie in memory, where a filter cannot look; the C library then uses `clone`.
    code.extend([jump(libc::BPF_JEQ, libc::SYS_clone3 as u32, 0, 1), fail_with(libc::ENOSYS)]);
    let mut checked = vec![
        (libc::SYS_clone, clone_rules()),
        (libc::SYS_ioctl, ioctl_rules()),
        (libc::SYS_socket, socket_rules()),
        (libc::SYS_socketpair, socket_rules()),
    ];
    if gate {
        checked.extend(HANDED_OVER.map(|number| (number, vec![answer(libc::SECCOMP_RET_USER_NOTIF)])));
        checked.extend(FAST_OPEN.map(|(number, argument)| (number, fast_open_rules(argument))));
    }
    for (number, rules) in checked {
        // Each list of rules ends with an answer, so what is loaded afterwards is still the number.
        let length = u8::try_from(rules.len()).expect("the lists below are short");
        code.push(jump(libc::BPF_JEQ, number as u32, 0, length));
        code.extend(rules);
    }
    code.push(answer(libc::SECCOMP_RET_ALLOW));
    code
}

fn clone_rules() -> Vec<Instruction> {
    vec![
        load(argument_at(0)),
        jump(libc::BPF_JSET, NAMESPACES, 0, 1),
        fail_with(libc::EPERM),
        answer(libc::SECCOMP_RET_ALLOW),
    ]
}

fn fast_open_rules(argument: u32) -> Vec<Instruction> {
    vec![
        load(argument_at(argument)),
        jump(libc::BPF_JSET, libc::MSG_FASTOPEN as u32, 0, 1),
        fail_with(libc::EOPNOTSUPP),
        answer(libc::SECCOMP_RET_ALLOW),
    ]
}

/// No typing into a terminal on behalf of its user.
fn ioctl_rules() -> Vec<Instruction> {
    vec![
        load(argument_at(1)),
        jump(libc::BPF_JEQ, libc::TIOCSTI as u32, 1, 0),
        jump(libc::BPF_JEQ, libc::TIOCLINUX as u32, 0, 1),
        fail_with(libc::EPERM),
        answer(libc::SECCOMP_RET_ALLOW),
    ]
}

fn socket_rules() -> Vec<Instruction> {
    let mut code = vec![load(argument_at(0))];
    for family in FAMILIES {
        code.extend([jump(libc::BPF_JEQ, family as u32, 0, 1), answer(libc::SECCOMP_RET_ALLOW)]);
    }
    code.extend([
        jump(libc::BPF_JEQ, libc::AF_NETLINK as u32, 0, 3),
        load(argument_at(2)),
        jump(libc::BPF_JEQ, libc::NETLINK_ROUTE as u32, 0, 1),
        answer(libc::SECCOMP_RET_ALLOW),
        fail_with(libc::EPERM),
    ]);
    code
}

/// Puts this process and all that it starts under the filter, for ever. Needs `no_new_privs`. With `gate`, answers the
/// descriptor at which the calls that are handed over arrive.
pub(crate) fn apply(gate: bool) -> io::Result<Option<OwnedFd>> {
    if !SUPPORTED {
        return Ok(None);
    }
    let mut code = filter(gate);
    let length = libc::c_ushort::try_from(code.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let program = libc::sock_fprog { len: length, filter: code.as_mut_ptr() };
    let install = |flags: libc::c_ulong| {
        // SAFETY: `program` describes `code`; both outlive the call, in which the kernel copies them.
        check(unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program) })
    };
    if !gate {
        return install(0).map(|_| None);
    }
    // Signals must not interrupt a call that the supervisor has begun to make; kernels before 5.19 lack that.
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    let fd = install(flags | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV).or_else(|_| install(flags))?;
    // SAFETY: the descriptor is new and ours alone.
    Ok(Some(unsafe { OwnedFd::from_raw_fd(fd as RawFd) }))
}

/// Whether the kernel has filters.
pub(crate) fn available() -> bool {
    let action = libc::SECCOMP_RET_KILL_PROCESS;
    // SAFETY: `action` outlives the call.
    let answer = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) };
    SUPPORTED && answer == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the filter as the kernel does; `None` if it leaves the program.
    fn run(code: &[Instruction], number: libc::c_long, architecture: u32, arguments: &[u64]) -> Option<u32> {
        let (mut at, mut loaded) = (0usize, 0u32);
        loop {
            let now = code.get(at)?;
            let kind = u32::from(now.code);
            at += 1;
            if kind == libc::BPF_RET | libc::BPF_K {
                return Some(now.k);
            }
            if kind == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS {
                loaded = match now.k {
                    NUMBER_AT => number as u32,
                    ARCHITECTURE_AT => architecture,
                    offset => arguments.get((offset as usize - 16) / 8).map_or(0, |value| *value as u32),
                };
                continue;
            }
            let yes = match kind & 0xf0 {
                libc::BPF_JEQ => loaded == now.k,
                libc::BPF_JGE => loaded >= now.k,
                libc::BPF_JSET => loaded & now.k != 0,
                _ => return None,
            };
            at += usize::from(if yes { now.jt } else { now.jf });
        }
    }

    #[test]
    fn answers() {
        let code = filter(false);
        let eperm = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;
        let enosys = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
        let allow = libc::SECCOMP_RET_ALLOW;
        let (unix, vsock) = (libc::AF_UNIX as u64, libc::AF_VSOCK as u64);
        let netlink = libc::AF_NETLINK as u64;
        let cases: &[(libc::c_long, &[u64], u32)] = &[
            (libc::SYS_read, &[], allow),
            (libc::SYS_execve, &[], allow),
            (libc::SYS_memfd_create, &[], allow),
            (libc::SYS_mount, &[], eperm),
            (libc::SYS_move_pages, &[], eperm),
            (libc::SYS_clone3, &[], enosys),
            (libc::SYS_clone, &[libc::SIGCHLD as u64], allow),
            (libc::SYS_clone, &[libc::CLONE_NEWUSER as u64 | libc::SIGCHLD as u64], eperm),
            (libc::SYS_ioctl, &[0, libc::TIOCSTI], eperm),
            (libc::SYS_ioctl, &[0, libc::TIOCLINUX], eperm),
            // The kernel looks at the low half only, and so must the filter.
            (libc::SYS_ioctl, &[0, 1 << 32 | libc::TIOCSTI], eperm),
            (libc::SYS_ioctl, &[0, libc::FIONREAD], allow),
            (libc::SYS_socket, &[unix, 1, 0], allow),
            (libc::SYS_socket, &[vsock, 1, 0], eperm),
            (libc::SYS_socket, &[netlink, 3, 0], allow),
            (libc::SYS_socket, &[netlink, 3, 9], eperm),
            (libc::SYS_socketpair, &[unix, 1, 0], allow),
            (463, &[], enosys),
            (0x4000_0000, &[], enosys),
        ];
        for (number, arguments, expected) in cases {
            assert_eq!(run(&code, *number, ARCHITECTURE, arguments), Some(*expected), "{number} {arguments:?}");
        }
        let gated = filter(true);
        let notify = libc::SECCOMP_RET_USER_NOTIF;
        let unsupported = libc::SECCOMP_RET_ERRNO | libc::EOPNOTSUPP as u32;
        let fast = libc::MSG_FASTOPEN as u64;
        for (number, arguments, closed, open) in [
            (libc::SYS_connect, vec![], allow, notify),
            (libc::SYS_listen, vec![], allow, notify),
            (libc::SYS_bind, vec![], allow, allow),
            (libc::SYS_sendto, vec![0, 0, 0, fast], allow, unsupported),
            (libc::SYS_sendto, vec![0, 0, 0, 0], allow, allow),
            (libc::SYS_sendmsg, vec![0, 0, fast], allow, unsupported),
            (libc::SYS_sendmmsg, vec![0, 0, 0, fast], allow, unsupported),
            (libc::SYS_mount, vec![], eperm, eperm),
        ] {
            assert_eq!(run(&code, number, ARCHITECTURE, &arguments), Some(closed), "{number}");
            assert_eq!(run(&gated, number, ARCHITECTURE, &arguments), Some(open), "{number}");
        }
        assert_eq!(run(&code, libc::SYS_read, 0x4000_0003, &[]), Some(libc::SECCOMP_RET_KILL_PROCESS));
    }
}
