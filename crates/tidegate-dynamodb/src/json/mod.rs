//! JSON read and written in one pass, for bodies that carry items. A document in between would cost more than the
//! whole rest of a `GetItem`; and `SerializationException` names what it met, which only the reader knows.

mod reader;
mod writer;

pub use reader::{Reader, SyntaxError, Target};
pub use writer::Writer;
