//! Background work: removing what is over.

mod expire;
