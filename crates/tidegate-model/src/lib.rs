//! The shapes of AWS' APIs as one compact table; facts only.
