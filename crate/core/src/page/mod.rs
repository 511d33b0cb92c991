//! What pages for people share: the head with its policy, page numbers, dates
//! in words, and the one place where text becomes HTML.

pub(crate) mod bar;
pub(crate) mod escape;
pub(crate) mod frame;
pub(crate) mod moment;
