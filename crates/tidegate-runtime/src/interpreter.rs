//! Interpreters that the machine has: found once, by looking where version managers put them and along `PATH`.

use crate::{Error, RuntimeId};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An interpreter and the folder that it lives in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    /// The folder that holds `bin` and `lib`; shown to functions as `/var/lang`.
    pub prefix: PathBuf,
    /// The program's path below the prefix, such as `bin/python3.13`.
    pub program: PathBuf,
    /// Its version: major, minor, patch.
    pub version: (u16, u16, u16),
}

impl Interpreter {
    /// Whether it is what AWS runs under this name: the same major version of Node, the same minor one of Python.
    pub fn is_exact_for(&self, runtime: RuntimeId) -> bool {
        match runtime {
            RuntimeId::Node(major) => self.version.0 == major,
            RuntimeId::Python(minor) => self.version.1 == minor,
        }
    }

    /// Why functions may behave otherwise than on AWS, if they may.
    pub fn warning(&self, runtime: RuntimeId) -> Option<String> {
        let (name, (major, minor, patch)) = (family_name(runtime), self.version);
        (!self.is_exact_for(runtime)).then(|| {
            format!("no interpreter for {runtime} on this machine: running with {name} {major}.{minor}.{patch} instead")
        })
    }

    /// What INIT_START calls it, such as `nodejs:20.v19`.
    pub fn version_name(&self, runtime: RuntimeId) -> String {
        let (major, minor, patch) = self.version;
        match runtime {
            RuntimeId::Node(_) => format!("nodejs:{major}.v{minor}"),
            RuntimeId::Python(_) => format!("python:{major}.{minor}.v{patch}"),
        }
    }
}

fn family_name(runtime: RuntimeId) -> &'static str {
    match runtime {
        RuntimeId::Node(_) => "Node",
        RuntimeId::Python(_) => "Python",
    }
}

/// All interpreters of a runtime's family. Runs programs to ask for their version: takes up to a second, blocks.
pub fn discover(runtime: RuntimeId, cache_dir: &Path) -> Vec<Interpreter> {
    let programs: BTreeSet<PathBuf> = candidates(runtime, cache_dir)
        .into_iter()
        .filter_map(|path| path.canonicalize().ok())
        .filter(|path| is_binary(path))
        .collect();
    programs.iter().filter_map(|path| examine(path)).filter(|found| is_family(found, runtime)).collect()
}

/// The exact version, else the nearest: the next newer one, else the newest.
///
/// # Errors
/// [`Error::InterpreterMissing`] if there is none of the family.
pub fn choose(found: &[Interpreter], runtime: RuntimeId) -> Result<&Interpreter, Error> {
    let wanted = match runtime {
        RuntimeId::Node(major) => (major, 0, 0),
        RuntimeId::Python(minor) => (3, minor, 0),
    };
    let exact = found.iter().filter(|i| i.is_exact_for(runtime)).max_by_key(|i| i.version);
    let newer = || found.iter().filter(|i| i.version >= wanted).min_by_key(|i| i.version);
    let newest = || found.iter().max_by_key(|i| i.version);
    exact.or_else(newer).or_else(newest).ok_or(Error::InterpreterMissing(runtime))
}

fn is_family(found: &Interpreter, runtime: RuntimeId) -> bool {
    match runtime {
        RuntimeId::Node(_) => found.version.0 >= 16,
        RuntimeId::Python(_) => found.version.0 == 3 && found.version.1 >= 8,
    }
}

/// A version manager, which keeps one folder for each version.
struct Manager {
    /// The variable that names its folder, and the folder below the home folder where that is not set.
    folder: (&'static str, &'static str),
    /// The way from there to the versions, and from a version to its programs.
    versions: &'static str,
    bin: &'static str,
}

const fn manager(variable: &'static str, folder: &'static str, versions: &'static str, bin: &'static str) -> Manager {
    Manager { folder: (variable, folder), versions, bin }
}

const NODE_MANAGERS: [Manager; 5] = [
    manager("NVM_DIR", ".nvm", "versions/node", "bin"),
    manager("FNM_DIR", ".local/share/fnm", "node-versions", "installation/bin"),
    manager("VOLTA_HOME", ".volta", "tools/image/node", "bin"),
    manager("ASDF_DATA_DIR", ".asdf", "installs/nodejs", "bin"),
    manager("MISE_DATA_DIR", ".local/share/mise", "installs/node", "bin"),
];
const PYTHON_MANAGERS: [Manager; 4] = [
    manager("PYENV_ROOT", ".pyenv", "versions", "bin"),
    manager("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "", "bin"),
    manager("ASDF_DATA_DIR", ".asdf", "installs/python", "bin"),
    manager("MISE_DATA_DIR", ".local/share/mise", "installs/python", "bin"),
];

impl Manager {
    /// Where its versions are.
    fn place(&self, home: &Path, variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
        let named = variable(self.folder.0).map(PathBuf::from).filter(|folder| folder.is_absolute());
        named.unwrap_or_else(|| home.join(self.folder.1)).join(self.versions)
    }
}

fn candidates(runtime: RuntimeId, cache_dir: &Path) -> Vec<PathBuf> {
    let managers: &[Manager] = match runtime {
        RuntimeId::Node(_) => &NODE_MANAGERS,
        RuntimeId::Python(_) => &PYTHON_MANAGERS,
    };
    let home = std::env::home_dir().unwrap_or_default();
    let mut folders: Vec<PathBuf> = subfolders(&cache_dir.join("interpreters")).map(|dir| dir.join("bin")).collect();
    for manager in managers {
        let versions = manager.place(&home, |name| std::env::var_os(name));
        folders.extend(subfolders(&versions).map(|dir| dir.join(manager.bin)));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders.extend(["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders.iter().flat_map(|folder| names(runtime).into_iter().map(|name| folder.join(name))).collect()
}

fn names(runtime: RuntimeId) -> Vec<String> {
    match runtime {
        RuntimeId::Node(_) => vec!["node".into(), "nodejs".into()],
        RuntimeId::Python(_) => (8..=20).map(|minor| format!("python3.{minor}")).chain(["python3".into()]).collect(),
    }
}

fn subfolders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// Shims of version managers are scripts; what they lead to is found elsewhere.
fn is_binary(path: &Path) -> bool {
    let mut head = [0u8; 2];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && &head != b"#!"
}

/// Asks a program for its version.
fn examine(path: &Path) -> Option<Interpreter> {
    let output = Command::new(path).arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let version = parse_version(std::str::from_utf8(&output.stdout).ok()?)?;
    let prefix = path.parent()?.parent()?;
    Some(Interpreter { prefix: prefix.to_owned(), program: path.strip_prefix(prefix).ok()?.to_owned(), version })
}

/// Reads `v20.19.1` and `Python 3.13.0rc1`.
fn parse_version(text: &str) -> Option<(u16, u16, u16)> {
    let text = text.trim().trim_start_matches("Python ").trim_start_matches('v');
    let mut numbers = text.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse().ok()
    });
    Some((numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_versions(versions: &[(u16, u16, u16)]) -> Vec<Interpreter> {
        let make = |version: &_| Interpreter { prefix: "/p".into(), program: "bin/x".into(), version: *version };
        versions.iter().map(make).collect()
    }

    #[test]
    fn reads_versions() {
        let table = [
            ("v20.19.1\n", Some((20, 19, 1))),
            ("Python 3.13.0", Some((3, 13, 0))),
            ("Python 3.14.0rc2+", Some((3, 14, 0))),
            ("Python 3.9", Some((3, 9, 0))),
            ("node", None),
            ("", None),
            ("v99999999.1.1", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_version(text), expected, "{text:?}");
        }
    }

    #[test]
    fn looks_where_version_managers_keep_versions() {
        let [pyenv, uv, ..] = &PYTHON_MANAGERS;
        let home = Path::new("/home/me");
        assert_eq!(pyenv.place(home, |_| None), Path::new("/home/me/.pyenv/versions"));
        assert_eq!(uv.place(home, |_| None), Path::new("/home/me/.local/share/uv/python"));
        let named = |name: &str| (name == "PYENV_ROOT").then(|| "/opt/pyenv".into());
        assert_eq!(pyenv.place(home, named), Path::new("/opt/pyenv/versions"));
        assert_eq!(pyenv.place(home, |_| Some("relative".into())), Path::new("/home/me/.pyenv/versions"));
    }

    #[test]
    fn chooses_the_nearest() {
        use RuntimeId::*;
        type Version = (u16, u16, u16);
        let table: &[(&[Version], RuntimeId, Version, bool)] = &[
            (&[(20, 1, 0), (20, 9, 0), (22, 1, 0)], Node(20), (20, 9, 0), true),
            (&[(20, 1, 0), (24, 1, 0)], Node(22), (24, 1, 0), false),
            (&[(18, 1, 0), (20, 1, 0)], Node(22), (20, 1, 0), false),
            (&[(3, 11, 7), (3, 12, 1), (3, 13, 0)], Python(12), (3, 12, 1), true),
            (&[(3, 11, 7), (3, 13, 0)], Python(12), (3, 13, 0), false),
            (&[(3, 9, 1)], Python(14), (3, 9, 1), false),
        ];
        for (versions, runtime, expected, exact) in table {
            let found = with_versions(versions);
            let chosen = choose(&found, *runtime).expect("there is one");
            assert_eq!((chosen.version, chosen.warning(*runtime).is_none()), (*expected, *exact), "{runtime}");
        }
        assert!(matches!(choose(&[], Node(20)), Err(Error::InterpreterMissing(Node(20)))));
    }
}
