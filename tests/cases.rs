//! Every folder in `cases/` is one named test.
fn main() {}
