//! What a colour profile calls itself.

use moxcms::{ColorProfile, ProfileText};

use super::noted::line;

/// Most bytes of a profile whose name is read. Those of screens and cameras have 500 to
/// 10,000, those of printing a megabyte. Chosen, not measured.
const MOST_BYTES: usize = 4 << 20;

/// Its name, empty if it has none, or cannot be read.
#[must_use]
pub fn name(icc: &[u8]) -> String {
    let profile = (icc.len() <= MOST_BYTES).then(|| ColorProfile::new_from_slice(icc).ok());
    let text = match profile.flatten().and_then(|profile| profile.description) {
        Some(ProfileText::PlainString(text)) => text,
        Some(ProfileText::Description(text)) => text.ascii_string,
        Some(ProfileText::Localizable(texts)) => {
            let english = texts.iter().position(|text| text.language == "en").unwrap_or(0);
            texts.into_iter().nth(english).map(|text| text.value).unwrap_or_default()
        }
        None => String::new(),
    };
    line(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_have_names() {
        let encoded = |profile: ColorProfile| profile.encode().unwrap();
        assert_eq!(name(&encoded(ColorProfile::new_display_p3())), "Display P3");
        assert_eq!(name(b"no profile"), "");
    }
}
