//! What AWS offers for several kinds of entity alike, written once for all of them. What one kind does in its own way is
//! in the folder of that kind.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod update;
