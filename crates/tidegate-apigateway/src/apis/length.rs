//! Lengths that the API model names in its shapes ("StringWithLengthBetween1And128") without checking them.

use crate::Error;

/// Refuses a text that was given and is not within its length.
pub fn within(text: Option<&String>, member: &'static str, min: usize, max: usize) -> Result<(), Error> {
    match text.map(|text| text.chars().count()) {
        Some(length) if !(min..=max).contains(&length) => Err(Error::Length { member, min, max }),
        _ => Ok(()),
    }
}

/// The same for a description.
pub fn description(text: Option<&String>) -> Result<(), Error> {
    within(text, "description", 0, 1024)
}
