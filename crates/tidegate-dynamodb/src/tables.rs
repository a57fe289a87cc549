//! What DynamoDB keeps in the store.

use crate::schema::TableRecord;
use serde::{Deserialize, Serialize};
use tidegate_store::{Key, Raw, Table};
use tidegate_types::{AccountId, Region};

/// Tables by account, region and name.
pub const TABLES: Table<(AccountId, Region, String), TableRecord> = Table::new("dynamodb.tables");

/// Items and index entries of all tables, in [`crate::model::stored`]'s form.
pub const ROWS: Table<RowKey, Raw> = Table::new("dynamodb.rows");

/// The number of the last space that was given to a table or index.
pub const LAST_SPACE: Table<(), i64> = Table::new("dynamodb.last-space");

/// Spaces of deleted tables and indexes whose rows are still to be cleared away.
pub const DROPPED: Table<u32, ()> = Table::new("dynamodb.dropped");

/// Tokens of transactions, by account, region and token.
pub const TOKENS: Table<(AccountId, Region, String), TokenRecord> = Table::new("dynamodb.tokens");

/// Tokens by the time when they may be forgotten.
pub const TOKEN_ENDS: Table<(u64, AccountId, Region, String), ()> = Table::new("dynamodb.token-ends");

/// What a transaction's token stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenRecord {
    /// SHA-256 of the request without its token, in hex.
    pub digest: String,
    /// When it may be forgotten, in milliseconds since 1970.
    pub ends_ms: u64,
    /// Read units that a replay costs, by table.
    pub read_units: Vec<(String, f64)>,
}

/// The place of a row: the space of its table or index, then the key's ordered bytes as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey(pub Vec<u8>);

impl RowKey {
    /// The beginning of all keys of a space.
    pub fn space(space: u32) -> Vec<u8> {
        space.to_be_bytes().to_vec()
    }
}

impl Key for RowKey {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn decode(input: &mut &[u8]) -> Option<RowKey> {
        Some(RowKey(std::mem::take(input).to_vec()))
    }
}
