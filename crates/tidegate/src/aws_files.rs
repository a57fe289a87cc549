//! AWS configuration files for tools that run against Tidegate: every profile name of the user's own files is there,
//! with Tidegate's keys in place of the user's. The user's files are read for names, regions and the like only, and never
//! changed. What `aws configure` sets inside of `tidegate exec` is kept, for the next time, but for the keys.

use crate::folders;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// The files that were written.
#[derive(Clone)]
pub struct AwsFiles {
    /// For `AWS_CONFIG_FILE`.
    pub config: PathBuf,
    /// For `AWS_SHARED_CREDENTIALS_FILE`.
    pub credentials: PathBuf,
    written: Profiles,
}

/// Settings by profile name.
type Profiles = BTreeMap<String, BTreeMap<String, String>>;

const FALLBACK_REGION: &str = "us-east-1";

/// Between two looks at whether a tool has written keys.
const PAUSE: Duration = Duration::from_millis(100);

impl AwsFiles {
    /// Writes them into `folder`.
    pub fn write(folder: &Path) -> io::Result<AwsFiles> {
        let written = known();
        let files = AwsFiles { config: folder.join("config"), credentials: folder.join("credentials"), written };
        std::fs::write(&files.config, config_text(&files.written))?;
        std::fs::write(&files.credentials, credentials_text(&files.written))?;
        Ok(files)
    }

    /// Puts Tidegate's keys in the place of those that a tool writes, such as `aws configure`, whenever one does.
    pub async fn guard(self) {
        let stamp = || [&self.config, &self.credentials].map(|path| modified(path));
        let (mut clean, mut last) = (stamp(), stamp());
        loop {
            tokio::time::sleep(PAUSE).await;
            let now = stamp();
            // A file that changed since the last look may still be half written.
            if now != clean && now == last {
                // What cannot be written now can be in a moment, or the command's own writing failed too.
                let _ = replace(&self.credentials, &credentials_text(&self.now()));
                clean = stamp();
            }
            last = stamp();
        }
    }

    /// Keeps what was set in the files since they were written, for the next time.
    ///
    /// # Errors
    /// If it cannot be written down.
    pub fn keep_changes(&self) -> io::Result<()> {
        let now = self.now();
        let changed = now.into_iter().filter(|(name, settings)| self.written.get(name) != Some(settings));
        let changed: Profiles = changed.collect();
        let (false, Some(path)) = (changed.is_empty(), kept_path()) else { return Ok(()) };
        let mut kept = read(&path);
        kept.extend(changed);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        replace(&path, &config_text(&kept))
    }

    /// What the files say now.
    fn now(&self) -> Profiles {
        let mut profiles = read(&self.config);
        add(&std::fs::read_to_string(&self.credentials).unwrap_or_default(), &mut profiles);
        profiles
    }
}

/// The region of the profile that tools would use: that of `AWS_PROFILE`, or of the default one.
pub fn region() -> String {
    let named = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    let profile = named.unwrap_or_else(|| "default".to_owned());
    let region = known().remove(&profile).and_then(|mut settings| settings.remove("region"));
    region.unwrap_or_else(|| FALLBACK_REGION.to_owned())
}

/// All profiles: those of the user's own files, and over them what was set inside of `tidegate exec`.
fn known() -> Profiles {
    let mut profiles = Profiles::from([("default".to_owned(), BTreeMap::new())]);
    for (variable, file) in [("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")] {
        add(&user_file(variable, file).unwrap_or_default(), &mut profiles);
    }
    let kept = kept_path().map(|path| read(&path)).unwrap_or_default();
    kept.into_iter().for_each(|(name, settings)| profiles.entry(name).or_default().extend(settings));
    for settings in profiles.values_mut() {
        settings.entry("region".to_owned()).or_insert_with(|| FALLBACK_REGION.to_owned());
    }
    profiles
}

fn kept_path() -> Option<PathBuf> {
    folders::config().map(|folder| folder.join("aws-profiles"))
}

fn user_file(variable: &str, name: &str) -> Option<String> {
    let path = match std::env::var_os(variable) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".aws").join(name),
    };
    std::fs::read_to_string(path).ok()
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// Writes a file so that readers see the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let fresh = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(fresh.path(), text)?;
    fresh.persist(path).map(drop).map_err(|error| error.error)
}

fn read(path: &Path) -> Profiles {
    let mut profiles = Profiles::new();
    add(&std::fs::read_to_string(path).unwrap_or_default(), &mut profiles);
    profiles
}

/// Adds the profiles that a file names, with those of their settings that concern no keys.
fn add(text: &str, profiles: &mut Profiles) {
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with([' ', '\t', '#', ';'])) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            current = profile_name(section);
            if let Some(name) = &current {
                profiles.entry(name.clone()).or_default();
            }
        } else if let (Some(name), Some((key, value))) = (&current, line.split_once('='))
            && is_kept(key.trim())
        {
            profiles.entry(name.clone()).or_default().insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
}

/// Settings that say where and how, never who.
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html#cli-configure-files-settings>
fn is_kept(key: &str) -> bool {
    matches!(key, "region" | "output" | "retry_mode" | "max_attempts") || key.starts_with("cli_")
}

/// `profile NAME` in the config file, `NAME` in the credentials file; other sections are no profiles.
fn profile_name(section: &str) -> Option<String> {
    let section = section.trim();
    let other = ["sso-session ", "services ", "plugins", "preview"].iter().any(|kind| section.starts_with(kind));
    let name = section.strip_prefix("profile ").unwrap_or(section).trim().trim_matches('"');
    (!other && !name.is_empty()).then(|| name.to_owned())
}

/// The section of a profile in the config file; names with spaces are quoted there.
fn config_section(name: &str) -> String {
    match name {
        "default" => "[default]".to_owned(),
        name if name.contains(char::is_whitespace) => format!("[profile \"{name}\"]"),
        name => format!("[profile {name}]"),
    }
}

// Writing into a String cannot fail.
fn config_text(profiles: &Profiles) -> String {
    profiles.iter().fold(String::new(), |mut text, (name, settings)| {
        let _ = writeln!(text, "{}", config_section(name));
        for (key, value) in settings {
            let _ = writeln!(text, "{key} = {value}");
        }
        text + "\n"
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
        let mut profiles = Profiles::new();
        let config = "[default]\nregion = eu-west-1\noutput=json\n# region = x\ns3 =\n  region = nested\n\
            [profile demo-user]\nsso_session = x\nregion = us-east-2\ncredential_process = /bin/real\n[sso-session x]\nregion = us-west-2\n";
        add(config, &mut profiles);
        add("[demo-user]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n[other]\n", &mut profiles);
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["default", "demo-user", "other"]);
        assert_eq!(profiles["default"]["region"], "eu-west-1");
        let written = config_text(&profiles) + &credentials_text(&profiles);
        assert!(!written.contains("AKIAREAL") && !written.contains("real"), "{written}");
        assert!(written.contains("[default]\noutput = json\nregion = eu-west-1\n\n"), "{written}");
        assert!(written.contains("[profile demo-user]\nregion = us-east-2\n\n"), "{written}");
    }

    #[test]
    fn reads_what_it_writes() {
        let settings = BTreeMap::from([("region".to_owned(), "eu-west-1".to_owned())]);
        let profiles = Profiles::from([("default".into(), settings.clone()), ("two words".into(), settings)]);
        let mut again = Profiles::new();
        add(&config_text(&profiles), &mut again);
        add(&credentials_text(&profiles), &mut again);
        assert_eq!(again, profiles);
    }
}
