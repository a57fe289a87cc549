//! Project files.

use std::path::Path;
use tidegate_project::Project;

/// A project file.
pub fn file(text: &str) {
    if let Ok(project) = Project::parse(text, Path::new("p.yaml"), ".".into()) {
        project.apis.iter().for_each(|api| drop(project.function_of(api)));
    }
}
