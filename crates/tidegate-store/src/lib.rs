//! A durable, ordered, transactional key-value store with typed tables.
