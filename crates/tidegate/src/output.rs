//! What a person sees: color where the terminal takes it, progress where somebody watches, JSON where it is asked for.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Colors, by what they mean.
#[derive(Clone, Copy)]
pub enum Paint {
    /// Something is added, or went well.
    Good,
    /// Something changes.
    Change,
    /// Something is removed, or went wrong.
    Bad,
    /// What stands beside.
    Faint,
    /// What to look at.
    Strong,
}

/// Text in a color, if standard output is a terminal and nobody objects (<https://no-color.org>).
pub fn paint(paint: Paint, text: &str) -> String {
    if !in_color() {
        return text.to_owned();
    }
    let code = match paint {
        Paint::Good => "32",
        Paint::Change => "33",
        Paint::Bad => "31",
        Paint::Faint => "2",
        Paint::Strong => "1",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

fn in_color() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !refused && !dumb
}

/// Text of somebody else's, safe to show: control characters but newline and tab are made visible, so that a log line or
/// a name cannot steer the terminal.
pub fn safe(text: &str) -> String {
    let visible =
        |c: char| if c.is_control() && c != '\n' && c != '\t' { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(visible).collect()
}

/// A line on standard output; a closed pipe ends nothing but the printing.
pub fn line(text: &str) {
    let _ = try_line(text);
}

/// The same, for what would go on without end.
///
/// # Errors
/// If nobody reads standard output any more.
pub fn try_line(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")
}

/// A document on standard output.
pub fn json(value: &Value) {
    line(&format!("{value:#}"));
}

/// Shows that something is going on, on a terminal; a pipe gets one line when it is done.
pub struct Progress {
    what: String,
    bar: Option<ProgressBar>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress {
    /// Begins with what is being done.
    pub fn start(what: &str) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            // The template is a constant and valid.
            bar.set_style(
                ProgressStyle::with_template("  {spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar.enable_steady_tick(Duration::from_millis(80));
            bar.set_message(what.to_owned());
            bar
        });
        Progress { what: what.to_owned(), bar }
    }

    /// Shows each step that is taken, behind what is being done; a pipe is told at the first step that it takes longer.
    pub fn steps(&self) -> impl FnMut(&str) + Send + use<> {
        let (what, bar) = (self.what.clone(), self.bar.clone());
        let mut told = false;
        move |step| match &bar {
            // Longer ones would break into lines that the next one does not overwrite.
            Some(bar) => bar.set_message(safe(&format!("{what}: {step}")).chars().take(100).collect::<String>()),
            None if told => {}
            None => {
                told = true;
                eprintln!("  {what} …");
            }
        }
    }

    /// Ends with what was done.
    pub fn done(self, text: &str) {
        drop(self);
        line(text);
    }
}

/// Asks a yes-or-no question on a terminal; `None` where nobody can answer.
pub fn ask(question: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
