//! Extracting zip archives from people one does not trust.
//!
//! The `zip` crate only reads the entries; every file is made by this module, relative to the folder's descriptor and
//! never through a symbolic link, so that no name and no link in an archive leads outside. Sizes are counted as bytes
//! come out of the decompressor; what the archive declares is not believed. Memory use does not depend on the archive:
//! entries are read one by one.

mod error;
mod name;
mod tree;

pub use error::Error;

use name::Name;
use std::io::{Cursor, Read};
use std::path::Path;
use tree::Tree;
use zip::unstable::read::ZipIterable;

/// How much an archive may hold.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most bytes of all files together.
    pub bytes_max: u64,
    /// Most entries, folders and links included.
    pub entries_max: usize,
    /// Most bytes of files per byte of the archive, looked at once [`Limits::bytes_free`] bytes have come out.
    pub ratio_max: u64,
    /// Bytes that may come out whatever the ratio.
    pub bytes_free: u64,
    /// Let everybody read all files and enter all folders, whatever the archive says. Archives made by scripts often
    /// carry mode 0600 or none.
    pub readable: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes_max: 262_144_000, entries_max: 200_000, ratio_max: 250, bytes_free: 64 << 20, readable: true }
    }
}

/// What came out of an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// Bytes of all files together.
    pub bytes: u64,
    /// Number of files.
    pub files: usize,
    /// Number of symbolic links.
    pub links: usize,
}

/// Extracts `archive` into the folder `into`, which must exist; files and links already there are replaced, so that
/// several archives can be laid over one another. Setuid, setgid and sticky bits are dropped, executable bits kept.
/// On an error the folder may hold a part of the archive: extract into a fresh one and rename it.
///
/// # Errors
/// One of [`Error`]'s variants; all but [`Error::Io`] are the archive's fault.
pub fn extract(archive: &[u8], into: &Path, limits: &Limits) -> Result<Extracted, Error> {
    let mut zip = ZipIterable::try_new(Cursor::new(archive), zip::read::Config::default())
        .map_err(Error::from_zip)?
        .enforce_header_consistency(true);
    if zip.len() > limits.entries_max {
        return Err(Error::TooManyEntries(limits.entries_max));
    }
    let ratio_cap = (archive.len() as u64).saturating_mul(limits.ratio_max).max(limits.bytes_free);
    let mut extraction = Extraction {
        tree: Tree::open(into)?,
        budget: limits.bytes_max.min(ratio_cap),
        limits,
        ratio_first: ratio_cap < limits.bytes_max,
        links: Vec::new(),
        done: Extracted::default(),
    };
    let mut entries = zip.files_with_cloned_reader(zip::read::ZipReadOptions::new()).map_err(Error::from_zip)?;
    while let Some(entry) = entries.next() {
        extraction.entry(entry.map_err(Error::from_zip)?)?;
    }
    extraction.finish()
}

/// Type bits of a Unix mode and their values.
const TYPE_MASK: u32 = 0o170_000;
const TYPE_FILE: u32 = 0o100_000;
const TYPE_FOLDER: u32 = 0o040_000;
const TYPE_LINK: u32 = 0o120_000;

/// Longest target of a symbolic link in bytes.
const LINK_BYTES_MAX: u64 = 4095;

struct Extraction<'a> {
    tree: Tree,
    limits: &'a Limits,
    /// Bytes that may still come out.
    budget: u64,
    /// Whether the ratio, not the size, sets the budget.
    ratio_first: bool,
    /// Made last, so that no file is ever written by way of a link.
    links: Vec<(Name, Vec<u8>)>,
    done: Extracted,
}

impl Extraction<'_> {
    fn entry<R: Read + std::io::Seek>(&mut self, mut entry: zip::read::ZipFile<'_, R>) -> Result<(), Error> {
        let raw = entry.entry().name_raw().to_vec();
        let mode = entry.entry().unix_mode();
        let Some(name) = Name::parse(&raw)? else { return Ok(()) };
        let folder = raw.ends_with(b"/");
        match mode.map_or(0, |mode| mode & TYPE_MASK) {
            _ if folder => self.tree.folder(&name, self.mode(mode.unwrap_or(0o755), 0o755)),
            TYPE_FOLDER => self.tree.folder(&name, self.mode(mode.unwrap_or(0o755), 0o755)),
            TYPE_FILE | 0 => self.file(&name, self.mode(mode.unwrap_or(0o644), 0o444), &mut entry),
            TYPE_LINK => self.link(name, &mut entry),
            _ => Err(Error::Special(name.to_string())),
        }
    }

    /// The permission bits to give: never setuid; the owner can always read; everybody, if that was asked for.
    fn mode(&self, mode: u32, readable: u32) -> u32 {
        let wanted = if self.limits.readable { readable } else { readable & 0o700 };
        (mode & 0o777) | wanted
    }

    fn file(&mut self, name: &Name, mode: u32, entry: &mut impl Read) -> Result<(), Error> {
        let mut file = self.tree.file(name, mode)?;
        // One byte more than allowed is asked for, so that an exact fit can be told from too much.
        let written = std::io::copy(&mut entry.take(self.budget + 1), &mut file).map_err(Error::from_copy)?;
        self.budget = self.budget.checked_sub(written).ok_or(match self.ratio_first {
            true => Error::Ratio(self.limits.ratio_max),
            false => Error::TooLarge(self.limits.bytes_max),
        })?;
        self.done.bytes += written;
        self.done.files += 1;
        Ok(())
    }

    fn link(&mut self, name: Name, entry: &mut impl Read) -> Result<(), Error> {
        let mut target = Vec::new();
        entry.take(LINK_BYTES_MAX + 1).read_to_end(&mut target).map_err(Error::from_copy)?;
        if target.len() as u64 > LINK_BYTES_MAX || !name.may_link_to(&target) {
            return Err(Error::LinkOutside(name.to_string()));
        }
        self.links.push((name, target));
        Ok(())
    }

    fn finish(mut self) -> Result<Extracted, Error> {
        for (name, target) in &self.links {
            self.tree.link(name, target)?;
        }
        self.done.links = self.links.len();
        Ok(self.done)
    }
}
