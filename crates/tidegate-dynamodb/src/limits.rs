//! Every limit of the service, with the AWS quota that it mirrors.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>

/// Bytes of one item.
pub const ITEM_BYTES: usize = 409_600;
/// Levels of maps and lists in an attribute.
pub const VALUE_LEVELS: usize = 32;
/// Bytes of an attribute's name.
pub const NAME_BYTES: usize = 65_535;
/// Levels of a request body that are skipped over; a guard of our own.
pub const JSON_LEVELS: usize = 256;
/// Bytes of one expression.
pub const EXPRESSION_BYTES: usize = 4_096;
/// Bytes of one `#name` or `:value` placeholder.
pub const PLACEHOLDER_BYTES: usize = 255;
/// Bytes of all names and values that expressions use.
pub const SUBSTITUTION_BYTES: usize = 2 * 1024 * 1024;
/// Operators and functions in one expression.
pub const EXPRESSION_OPERATORS: usize = 300;
/// Operands of `IN`.
pub const IN_OPERANDS: usize = 100;
/// Parts of a document path, and levels of parentheses, in an expression.
pub const EXPRESSION_LEVELS: usize = 32;
/// The largest index of a list in a document path.
pub const LIST_INDEX_MAX: usize = i32::MAX as usize;
/// Bytes of a partition key's value.
pub const PARTITION_KEY_BYTES: usize = 2_048;
/// Bytes of a sort key's value.
pub const SORT_KEY_BYTES: usize = 1_024;
/// Bytes that one page of `Query` or `Scan` reads.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Bytes of one `BatchGetItem` answer.
pub const BATCH_GET_BYTES: usize = 16 * 1024 * 1024;
/// Keys of one `BatchGetItem`.
pub const BATCH_GET_KEYS: usize = 100;
/// Requests of one `BatchWriteItem`.
pub const BATCH_WRITE_REQUESTS: usize = 25;
/// Actions of one transaction.
pub const TRANSACTION_ACTIONS: usize = 100;
/// Bytes of all items of one transaction.
pub const TRANSACTION_BYTES: usize = 4 * 1024 * 1024;
/// How long a transaction's token is remembered.
pub const TOKEN_MS: u64 = 10 * 60 * 1000;
/// Segments of a parallel scan.
pub const SCAN_SEGMENTS: i64 = 1_000_000;
/// Global secondary indexes of one table.
pub const GLOBAL_INDEXES: usize = 20;
/// Local secondary indexes of one table.
pub const LOCAL_INDEXES: usize = 5;
/// Attributes that the `INCLUDE` projections of one table's indexes name together.
pub const INCLUDED_ATTRIBUTES: usize = 100;
/// Tables of one account in one region.
pub const TABLES: usize = 2_500;
/// Tags of one table.
pub const TAGS: usize = 50;
/// Items that one pass of the expiry task deletes in one transaction.
pub const EXPIRY_BATCH: usize = 100;
/// Items of one table that one pass of the expiry task looks at; AWS takes days, so that a table may take several.
pub const EXPIRY_ROWS: usize = 20_000;
/// Bytes of a table's resource policy.
pub const RESOURCE_POLICY_BYTES: usize = 20 * 1024;
