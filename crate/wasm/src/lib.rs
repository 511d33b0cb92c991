//! The boundary: a thin translation between the core and the page, no decisions.
