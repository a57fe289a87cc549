//! Background work. The server calls [`expire`] now and then.

mod expiry;

pub use expiry::expire;
