//! Project files: what `tidegate deploy` reads, compares with what is there, and does. It knows the server only as any
//! client of AWS does: over HTTP, signed.

pub mod http;
