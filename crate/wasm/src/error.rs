//! Core errors as `{ code, item, text }`, the one shape that is thrown.

use heirloom_core::error::{Fatal, Problem};
use tsify::Tsify;
use wasm_bindgen::JsValue;

use crate::dto::{Failure, FailureCode};

/// What every export throws.
pub(crate) struct Thrown(Failure);

impl Thrown {
    /// A failure about one file.
    pub(crate) fn about(item: u32, problem: &Problem) -> Self {
        Self(Failure { code: FailureCode::Item, item: Some(item), text: problem.to_string() })
    }

    /// An item or medium number that does not exist.
    pub(crate) fn no_such(what: &str, number: u32) -> Self {
        let text = format!("there is no {what} number {number}");
        Self(Failure { code: FailureCode::Item, item: Some(number), text })
    }

    /// Something that was named and does not exist.
    pub(crate) fn nothing(text: String) -> Self {
        Self(Failure { code: FailureCode::Item, item: None, text })
    }

    /// A plan that is not carried out.
    pub(crate) fn refused(why: &heirloom_core::plan::trash::Refused) -> Self {
        Self(Failure { code: FailureCode::Unsupported, item: None, text: why.to_string() })
    }

    /// What is wrong with the catalogue.
    pub(crate) fn catalogue(code: FailureCode, text: String) -> Self {
        Self(Failure { code, item: None, text })
    }

    /// A step was asked for before the one it needs.
    pub(crate) fn too_early(what: &'static str) -> Self {
        Fatal::TooEarly(what).into()
    }
}

impl From<Fatal> for Thrown {
    fn from(error: Fatal) -> Self {
        let code = match error {
            Fatal::NoChat => FailureCode::NoChat,
            Fatal::Locked { .. } => FailureCode::Locked,
            Fatal::Output(_) => FailureCode::Output,
            Fatal::TooEarly(_) => FailureCode::TooEarly,
        };
        Self(Failure { code, item: None, text: error.to_string() })
    }
}

impl From<tsify::Error> for Thrown {
    fn from(error: tsify::Error) -> Self {
        Self(Failure { code: FailureCode::Unsupported, item: None, text: error.to_string() })
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        match thrown.0.into_ts() {
            Ok(failure) => failure.into(),
            Err(_) => Self::from_str(&thrown.0.text),
        }
    }
}
