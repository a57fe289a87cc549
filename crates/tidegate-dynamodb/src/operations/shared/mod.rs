//! What several operations have in common.

mod description;
mod indexes;
mod listing;
mod purge;
mod record;
mod single;
mod table_input;

pub use description::{TableDescription, describe};
pub use indexes::{IndexInput, build_index, check_index, fill_index};
pub use listing::{Answer, Listing};
pub use purge::drop_rows;
pub use record::{
    ContinuousBackups, Named, check_revision, open, open_arn, open_named, recovery, table_resource, update_record,
};
pub(super) use single::write_members;
pub use single::{Single, named, open_for_items, render_write, write_one};
pub use table_input::*;
