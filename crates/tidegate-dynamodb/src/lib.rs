//! Amazon DynamoDB: tables, items, expressions, transactions.
