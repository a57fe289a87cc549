//! The AWS SDKs that managed runtimes bring along, and the folder that is mounted at `/var/runtime`.
//!
//! An SDK is installed once for all servers of a user, with the package manager of its language, into a folder named
//! after what is in it. Beside it lies the bootstrap, which is part of this binary.

use crate::RuntimeId;
use crate::interpreter::Interpreter;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tidegate_sandbox::seal::Seal;

/// The release of `@aws-sdk` packages: one that has all of [`NODE_PACKAGES`] and still runs with Node 18.
const NODE_SDK_VERSION: &str = "3.956.0";
/// Clients that serverless code asks for.
const NODE_PACKAGES: [&str; 24] = [
    "client-apigatewaymanagementapi",
    "client-bedrock-runtime",
    "client-cloudwatch",
    "client-cloudwatch-logs",
    "client-cognito-identity-provider",
    "client-dynamodb",
    "client-eventbridge",
    "client-iam",
    "client-kms",
    "client-lambda",
    "client-s3",
    "client-scheduler",
    "client-secrets-manager",
    "client-ses",
    "client-sfn",
    "client-sns",
    "client-sqs",
    "client-ssm",
    "client-sts",
    "credential-providers",
    "lib-dynamodb",
    "lib-storage",
    "s3-request-presigner",
    "util-dynamodb",
];
/// The last boto3 that runs with Python 3.9, too.
const PYTHON_PACKAGE: &str = "boto3==1.42.30";

const NODE_BOOTSTRAP: &str = include_str!("../../../runtimes/node/bootstrap.cjs");
const PYTHON_BOOTSTRAP: &str = include_str!("../../../runtimes/python/bootstrap.py");

/// Why an SDK could not be installed.
#[derive(Debug)]
pub enum Error {
    /// The package manager is not on the machine.
    ToolMissing(&'static str),
    /// The package manager failed; the end of what it said.
    ToolFailed(&'static str, String),
    /// Files could not be written.
    Io(&'static str, io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::ToolMissing(tool) => {
                write!(f, "{tool} is needed to install the AWS SDK, and is not on this machine")
            }
            Error::ToolFailed(tool, end) => write!(f, "{tool} could not install the AWS SDK: {end}"),
            Error::Io(what, why) => write!(f, "cannot {what}: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(_, why) => Some(why),
            _ => None,
        }
    }
}

/// A folder for `/var/runtime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeDir {
    /// The folder on the host.
    pub path: PathBuf,
    /// The bootstrap's file name in it.
    pub bootstrap: String,
    /// Whether the SDK is there.
    pub has_sdk: bool,
}

/// The folder as it is now, with the SDK if that was installed before. Blocks.
///
/// # Errors
/// [`Error::Io`] if the bootstrap cannot be written.
pub fn prepare(cache_dir: &Path, runtime: RuntimeId, interpreter: &Interpreter) -> Result<RuntimeDir, Error> {
    let installed = sdk_dir(cache_dir, runtime, interpreter);
    let has_sdk = installed.is_dir();
    let path = if has_sdk { installed } else { cache_dir.join("sdk").join("none").join(family(runtime)) };
    let bootstrap = write_bootstrap(&path, runtime).map_err(|why| Error::Io("write the bootstrap", why))?;
    Ok(RuntimeDir { path, bootstrap, has_sdk })
}

/// Installs the SDK unless it is there. Another process that installs it at the same time is waited for. Blocks, for
/// as long as downloads take; `progress` gets a line for each step of the package manager.
///
/// # Errors
/// See [`Error`]; nothing is left behind then.
pub fn install(
    cache_dir: &Path,
    runtime: RuntimeId,
    interpreter: &Interpreter,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let target = sdk_dir(cache_dir, runtime, interpreter);
    if target.is_dir() {
        return Ok(());
    }
    let failed = |why| Error::Io("make the SDK's folder", why);
    fs::create_dir_all(target.parent().expect("the folder's name was appended to another")).map_err(failed)?;
    // Held until the end of this function; the kernel frees it if the process dies.
    let lock = File::create(target.with_extension("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    if target.is_dir() {
        return Ok(());
    }
    let partial = target.with_extension("partial");
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial).map_err(failed)?;
    let done = run_installer(runtime, interpreter, &partial, progress)
        .and_then(|()| fs::rename(&partial, &target).map_err(|why| Error::Io("put the SDK in its place", why)));
    if done.is_err() {
        let _ = fs::remove_dir_all(&partial);
        return done;
    }
    let _ = fs::remove_dir_all(beside(&target, DAMAGED));
    seal(&target).map_err(|why| Error::Io("seal the SDK", why))
}

/// What follows an SDK's name in those of its seal, and of what was set aside.
const SEAL: &str = ".seal";
const DAMAGED: &str = ".damaged";

/// The path with something after its last name, which may have dots itself.
fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut path = folder.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// What an SDK's folder holds now, our bootstraps apart: they are compared with this binary's whenever they are used.
fn look(folder: &Path) -> io::Result<Seal> {
    Seal::of(folder, |name| name.trim_start_matches('.').starts_with("bootstrap-"))
}

fn seal(folder: &Path) -> io::Result<()> {
    look(folder)?.write(&beside(folder, SEAL))
}

/// Compares an SDK with what was installed; one that is not as it was is set aside, so that the next who needs it
/// installs it again, and the path of what has changed is given. Blocks while it reads everything.
///
/// # Errors
/// When it cannot be read or set aside.
pub(crate) fn set_aside_if_damaged(folder: &Path) -> io::Result<Option<String>> {
    // Another server may be installing it; freed at the end of this function.
    let lock = File::create(folder.with_extension("lock"))?;
    lock.lock()?;
    let file = beside(folder, SEAL);
    if !file.exists() {
        // Installed by an earlier version, or by one that was killed in between.
        return seal(folder).map(|()| None);
    }
    let difference = match Seal::read(&file)? {
        Some(seal) => seal.difference(&look(folder)?),
        None => Some("its seal".to_owned()),
    };
    if difference.is_some() {
        // Functions that run may still load from it.
        let damaged = beside(folder, DAMAGED);
        let _ = fs::remove_dir_all(&damaged);
        fs::rename(folder, damaged)?;
        fs::remove_file(file)?;
    }
    Ok(difference)
}

/// Node's SDK serves all versions; Python's packages depend on the minor version.
fn sdk_dir(cache_dir: &Path, runtime: RuntimeId, interpreter: &Interpreter) -> PathBuf {
    let (name, content) = match runtime {
        RuntimeId::Node(_) => ("nodejs".to_owned(), format!("{NODE_SDK_VERSION} {}", NODE_PACKAGES.join(" "))),
        RuntimeId::Python(_) => (format!("python3.{}", interpreter.version.1), PYTHON_PACKAGE.to_owned()),
    };
    cache_dir.join("sdk").join(format!("{name}-{}", hash(&content)))
}

fn family(runtime: RuntimeId) -> &'static str {
    match runtime {
        RuntimeId::Node(_) => "nodejs",
        RuntimeId::Python(_) => "python",
    }
}

fn hash(content: &str) -> String {
    Sha256::digest(content).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the bootstrap under a name that tells its content, so that servers of several versions share a folder.
fn write_bootstrap(folder: &Path, runtime: RuntimeId) -> io::Result<String> {
    let (content, extension) = match runtime {
        RuntimeId::Node(_) => (NODE_BOOTSTRAP, "cjs"),
        RuntimeId::Python(_) => (PYTHON_BOOTSTRAP, "py"),
    };
    let name = format!("bootstrap-{}.{extension}", hash(content));
    let path = folder.join(&name);
    if fs::read(&path).is_ok_and(|found| found == content.as_bytes()) {
        return Ok(name);
    }
    fs::create_dir_all(folder)?;
    let partial = folder.join(format!(".{name}.{}", std::process::id()));
    fs::write(&partial, content)?;
    fs::rename(&partial, &path)?;
    Ok(name)
}

fn run_installer(
    runtime: RuntimeId,
    interpreter: &Interpreter,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    match runtime {
        RuntimeId::Node(_) => {
            let beside = interpreter.prefix.join("bin").join("npm");
            let mut npm = Command::new(if beside.exists() { beside } else { "npm".into() });
            let options = [
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-update-notifier",
                "--prefer-offline",
                "--loglevel=http",
            ];
            npm.arg("install").args(options).arg("--prefix").arg(folder);
            npm.args(NODE_PACKAGES.map(|name| format!("@aws-sdk/{name}@{NODE_SDK_VERSION}")));
            npm.env("PATH", with_folder_first(&interpreter.prefix.join("bin")));
            run("npm", npm, progress)
        }
        RuntimeId::Python(_) => {
            let mut pip = Command::new(interpreter.prefix.join(&interpreter.program));
            pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--target"]);
            pip.arg(folder).arg(PYTHON_PACKAGE).env("PIP_ROOT_USER_ACTION", "ignore");
            run("pip", pip, progress)
        }
    }
}

fn with_folder_first(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(all).unwrap_or(path)
}

/// Runs a package manager and passes on what it says.
fn run(tool: &'static str, mut command: Command, progress: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let failed = |why: io::Error| match why.kind() {
        io::ErrorKind::NotFound => Error::ToolMissing(tool),
        _ => Error::Io("run the package manager", why),
    };
    let (output, input) = io::pipe().map_err(failed)?;
    command.stdin(Stdio::null()).stdout(input.try_clone().map_err(failed)?).stderr(input);
    let mut child = command.spawn().map_err(failed)?;
    // The command holds the writing ends; without it the reading end comes to its end with the child.
    drop(command);
    let mut end: Vec<String> = Vec::new();
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { break };
        progress(&line);
        end.push(line);
        if end.len() > 6 {
            end.remove(0);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    let text = end.join("\n");
    // A Python without pip says so itself and exits as any failure.
    if text.contains("No module named pip") {
        Err(Error::ToolMissing("pip"))
    } else {
        Err(Error::ToolFailed(tool, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an installer leaves, without one.
    fn installed() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("python3.11-0123456789ab");
        fs::create_dir_all(folder.join("boto3")).expect("a folder can be made");
        fs::write(folder.join("boto3/__init__.py"), "x = 1").expect("a file can be written");
        (dir, folder)
    }

    #[test]
    fn an_sdk_that_has_changed_is_set_aside() {
        let (_dir, folder) = installed();
        let check = || set_aside_if_damaged(&folder).expect("it can be read");
        assert_eq!(check(), None, "sealed when it is first seen");
        write_bootstrap(&folder, RuntimeId::Python(11)).expect("it can be written");
        assert_eq!(check(), None, "the bootstrap is no part of it");
        fs::write(folder.join("boto3/__init__.py"), "x = 0").expect("it can be written");
        assert_eq!(check().as_deref(), Some("boto3/__init__.py"));
        assert!(!folder.exists() && beside(&folder, DAMAGED).exists() && !beside(&folder, SEAL).exists());
    }

    #[test]
    fn a_seal_that_has_changed_is_not_believed() {
        let (_dir, folder) = installed();
        assert_eq!(set_aside_if_damaged(&folder).expect("it can be read"), None);
        fs::write(beside(&folder, SEAL), "nonsense").expect("it can be written");
        assert_eq!(set_aside_if_damaged(&folder).expect("it can be read").as_deref(), Some("its seal"));
    }
}
