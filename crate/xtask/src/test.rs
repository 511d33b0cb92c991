//! test.
use crate::Outcome;
pub(crate) fn test() -> Outcome {
    crate::setup::setup()
}
