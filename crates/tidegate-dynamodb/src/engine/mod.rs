//! Items and index entries in the store: changing them together, walking over them, and what that costs.

mod capacity;
mod collection;
mod page;
mod range;
mod write;

pub use capacity::{Consumed, Direction, read_units};
pub use collection::write_collection;
pub use page::{Page, Shown, Walk, read_page};
pub use range::{Span, query_span, segment_span, whole_span};
pub use write::{Change, NewItem, Outcome, Plan, Write, apply, check_update, plan};
