//! Heirloom on the command line.
fn main() {}
