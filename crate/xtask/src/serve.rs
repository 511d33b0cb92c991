//! serve.
use crate::Outcome;
pub(crate) fn serve(_port: u16, _no_open: bool) -> Outcome {
    Err("not there yet".into())
}
