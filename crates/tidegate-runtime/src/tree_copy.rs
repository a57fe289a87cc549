//! Copies of file trees.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes a folder unless it is there. Several may do this at the same time: the first that is done wins.
pub(crate) fn once(target: &Path, fill: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    if target.is_dir() {
        return Ok(());
    }
    let partial = target.with_extension(format!("partial-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir_all(&partial)?;
    fill(&partial)?;
    match fs::rename(&partial, target) {
        Err(_) if target.is_dir() => fs::remove_dir_all(&partial),
        done => done,
    }
}

/// Adds a tree to another. Files are linked where that is possible, which costs no space.
pub(crate) fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
        let present = fs::symlink_metadata(&target).ok();
        if kind.is_dir() {
            if present.is_some_and(|found| !found.is_dir()) {
                fs::remove_file(&target)?;
            }
            fs::create_dir_all(&target)?;
            copy_over(&source, &target)?;
            continue;
        }
        match present {
            Some(found) if found.is_dir() => fs::remove_dir_all(&target)?,
            Some(_) => fs::remove_file(&target)?,
            None => {}
        }
        if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
        } else if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
