//! AWS' wire protocols, driven by the model, and request signatures.
