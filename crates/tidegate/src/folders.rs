//! Where things are kept on this machine, by the XDG base directory specification.

use std::path::PathBuf;

/// What a server keeps: `$XDG_DATA_HOME/tidegate`, or `~/.local/share/tidegate`.
pub fn data() -> Option<PathBuf> {
    folder("XDG_DATA_HOME", ".local/share")
}

/// What can be fetched or made again: `$XDG_CACHE_HOME/tidegate`, or `~/.cache/tidegate`.
pub fn cache() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache")
}

/// What the user has set: `$XDG_CONFIG_HOME/tidegate`, or `~/.config/tidegate`.
pub fn config() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config")
}

fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(below_home));
    named.or_else(home).map(|folder| folder.join("tidegate"))
}
