//! The memory limit where there is no memory control group: the supervisor adds up what processes use, and kills when
//! it is too much. Coarser than the kernel's limit, and a fast program can exceed it for a moment.

use super::processes;
use std::time::Duration;

/// How often memory is added up.
pub(super) const INTERVAL: Duration = Duration::from_millis(100);

/// Private memory of everything below this process, in bytes.
pub(super) fn memory_in_use() -> u64 {
    processes::descendants().into_iter().filter_map(private_bytes).sum()
}

/// Resident pages that are not of files: fields two and three of `statm`.
fn private_bytes(pid: libc::pid_t) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let mut fields = text.split(' ').skip(1).map(|field| field.parse::<u64>().ok());
    let (resident, shared) = (fields.next()??, fields.next()??);
    // SAFETY: cannot fail and involves no memory.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    Some(resident.saturating_sub(shared) * u64::try_from(page).unwrap_or(4096))
}
