//! How much a policy document may hold.

/// Characters of a document. The largest that any AWS service takes is S3's bucket policy: 20 KB.
pub const DOCUMENT_SIZE_MAX: usize = 20 * 1024;

/// Statements of one document; more cannot fit into the largest document.
pub const STATEMENTS_MAX: usize = 1024;
