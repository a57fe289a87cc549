//! Project files: what tidegate deploy reads, compares and does; speaks AWS' APIs over HTTP only.
