//! AWS configuration files for tools that run against Tidegate: every profile name of the user's own files is there,
//! with Tidegate's keys in place of the user's. The user's files are read for names and regions only, and never changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The files that were written, and the region to use where nothing else says one.
pub struct AwsFiles {
    /// For `AWS_CONFIG_FILE`.
    pub config: PathBuf,
    /// For `AWS_SHARED_CREDENTIALS_FILE`.
    pub credentials: PathBuf,
    /// The default profile's region, or `us-east-1`.
    pub region: String,
}

/// Regions by profile name.
type Profiles = BTreeMap<String, String>;

const FALLBACK_REGION: &str = "us-east-1";

impl AwsFiles {
    /// Writes them into `folder`.
    pub fn write(folder: &Path) -> io::Result<AwsFiles> {
        let mut profiles = Profiles::from([("default".to_owned(), FALLBACK_REGION.to_owned())]);
        for (variable, file) in [("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")] {
            if let Some(text) = user_file(variable, file) {
                profiles_of(&text, &mut profiles);
            }
        }
        let files = AwsFiles {
            config: folder.join("config"),
            credentials: folder.join("credentials"),
            region: profiles["default"].clone(),
        };
        std::fs::write(&files.config, config_text(&profiles))?;
        std::fs::write(&files.credentials, credentials_text(&profiles))?;
        Ok(files)
    }
}

fn user_file(variable: &str, name: &str) -> Option<String> {
    let path = match std::env::var_os(variable) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".aws").join(name),
    };
    std::fs::read_to_string(path).ok()
}

/// Adds the profiles that a file names, with their regions.
fn profiles_of(text: &str, profiles: &mut Profiles) {
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            current = profile_name(section);
            if let Some(name) = &current {
                profiles.entry(name.clone()).or_insert_with(|| FALLBACK_REGION.to_owned());
            }
        } else if let (Some(name), Some((key, value))) = (&current, line.split_once('='))
            && key.trim() == "region"
        {
            profiles.insert(name.clone(), value.trim().to_owned());
        }
    }
}

/// `profile NAME` in the config file, `NAME` in the credentials file; other sections are no profiles.
fn profile_name(section: &str) -> Option<String> {
    let section = section.trim();
    let other = ["sso-session ", "services ", "plugins", "preview"].iter().any(|kind| section.starts_with(kind));
    let name = section.strip_prefix("profile ").unwrap_or(section).trim().trim_matches('"');
    (!other && !name.is_empty()).then(|| name.to_owned())
}

fn config_text(profiles: &Profiles) -> String {
    profiles.iter().fold(String::new(), |mut text, (name, region)| {
        let section = if name == "default" { name.clone() } else { format!("profile {name}") };
        // Writing into a String cannot fail.
        let _ = write!(text, "[{section}]\nregion = {region}\n\n");
        text
    })
}

fn credentials_text(profiles: &Profiles) -> String {
    profiles.keys().fold(String::new(), |mut text, name| {
        let _ = write!(text, "[{name}]\naws_access_key_id = test\naws_secret_access_key = test\n\n");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_names_and_regions_and_nothing_else() {
        let mut profiles = Profiles::from([("default".to_owned(), FALLBACK_REGION.to_owned())]);
        let config = "[default]\nregion = eu-west-1\n[profile demo-user]\nsso_session = x\n[sso-session x]\nregion = us-west-2\n";
        profiles_of(config, &mut profiles);
        profiles_of(
            "[demo-user]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n[other]\n",
            &mut profiles,
        );
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["default", "demo-user", "other"]);
        assert_eq!(profiles["default"], "eu-west-1");
        assert_eq!(profiles["demo-user"], "us-east-1");
        let written = config_text(&profiles) + &credentials_text(&profiles);
        assert!(!written.contains("AKIAREAL") && !written.contains("real"), "{written}");
        assert!(written.contains("[profile demo-user]\nregion = us-east-1"), "{written}");
    }
}
