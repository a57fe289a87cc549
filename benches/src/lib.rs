//! Measurements against named references.
