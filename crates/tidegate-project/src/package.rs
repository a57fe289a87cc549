//! A function's code as a zip: the same bytes each time, so that unchanged code shows no change.

use crate::file::{Error, Function, Project};
use std::fs;
use std::io::{self, Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// Folders in which the handler's file is looked for, in this order, where the project file names none.
const USUAL_FOLDERS: [&str; 3] = ["lambda", "src", "."];
/// Endings of the files that a handler can be in.
const ENDINGS: [&str; 4] = ["js", "mjs", "cjs", "py"];

/// The zip.
pub fn build(project: &Project, function: &Function) -> Result<Vec<u8>, Error> {
    let place = location(project, function)?;
    let unreadable = |e: io::Error| Error::Code(format!("{}: {e}", place.display()));
    if place.is_file() {
        return fs::read(&place).map_err(unreadable);
    }
    zip_folder(&place).map_err(unreadable)
}

fn location(project: &Project, function: &Function) -> Result<PathBuf, Error> {
    if let Some(code) = &function.code {
        let place = project.folder.join(code);
        let missing = || Error::Code(format!("the code of {} is not at {}", function.id, place.display()));
        return if place.exists() { Ok(place) } else { Err(missing()) };
    }
    let file = function.handler.rsplit_once('.').map_or(function.handler.as_str(), |(file, _)| file);
    let holds = |folder: &PathBuf| ENDINGS.iter().any(|ending| folder.join(format!("{file}.{ending}")).is_file());
    let mut folders = USUAL_FOLDERS.iter().map(|name| project.folder.join(name));
    folders.find(holds).ok_or_else(|| {
        Error::Code(format!(
            "the handler {} of {} needs a file {file}.js, .mjs, .cjs or .py, and none is in {}, nor in its folders lambda and src; name another folder with `code:`",
            function.handler,
            function.id,
            project.folder.display()
        ))
    })
}

fn zip_folder(folder: &Path) -> io::Result<Vec<u8>> {
    let mut files = Vec::new();
    list(folder, Path::new(""), &mut files)?;
    files.sort();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let mode = fs::metadata(folder.join(&file))?.permissions().mode();
        let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
        let options = SimpleFileOptions::default().unix_permissions(mode).last_modified_time(DateTime::default());
        zip.start_file(file.to_string_lossy(), options)?;
        zip.write_all(&fs::read(folder.join(&file))?)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// All files below, hidden ones and those of other tools apart.
fn list(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if !belongs(&path) {
            continue;
        }
        if fs::metadata(entry.path())?.is_dir() { list(root, &path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn belongs(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let of_other_tools = ["tf", "tfstate", "tfvars", "zip", "pyc"].contains(&ending) || name == "__pycache__";
    let project_file = crate::file::DEFAULT_NAMES.contains(&name);
    !name.starts_with('.') && !of_other_tools && !project_file
}
