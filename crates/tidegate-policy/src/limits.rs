//! How much a policy document may hold.

/// Bytes of a document. AWS takes at most 20 KB from anyone, but its own `ReadOnlyAccess` has 95 KB.
pub const DOCUMENT_SIZE_MAX: usize = 128 * 1024;

/// Statements of one document; more cannot fit into the largest document.
pub const STATEMENTS_MAX: usize = 1024;
