//! What a video's index says beyond time, place, camera and length: Apple's keys, the
//! older texts beside them, an XMP packet.

use super::noted::{self, Noted, line, lines, within, words};
use super::xmp;
use crate::examine::boxes::find;
use crate::examine::video_time::{user_text, value_of};
use crate::model::Metadata;

/// Reads the content of a `moov` box: Apple's keys and texts are believed before XMP.
#[must_use]
pub fn read(moov: &[u8]) -> Noted {
    let own = Noted { metadata: keys(moov), ..Noted::default() };
    let packet = find(moov, &[b"udta", b"XMP_"]).and_then(xmp::read);
    noted::believed([Some(own), packet].into_iter().flatten())
}

fn keys(moov: &[u8]) -> Metadata {
    let key = |name: &str| value_of(moov, &format!("com.apple.quicktime.{name}"));
    let own = |name: &[u8; 4]| user_text(moov, name);
    let place = key("location.ISO6709").or_else(|| own(b"\xA9xyz"));
    let accuracy = key("location.accuracy.horizontal").and_then(|text| text.parse().ok());
    let keywords = key("keywords").unwrap_or_default();
    Metadata {
        make: key("make").or_else(|| own(b"\xA9mak")).as_deref().and_then(line),
        model: key("model").or_else(|| own(b"\xA9mod")).as_deref().and_then(line),
        lens: key("camera.lens_model").as_deref().and_then(line),
        tags: words(keywords.split([',', ';'])),
        title: key("title")
            .or_else(|| own(b"\xA9nam"))
            .or_else(|| item(moov, b"\xA9nam"))
            .as_deref()
            .and_then(line),
        caption: key("description")
            .or_else(|| own(b"\xA9des"))
            .or_else(|| item(moov, b"desc"))
            .as_deref()
            .and_then(lines),
        edited: key("software").as_deref().and_then(noted::editor),
        altitude_m: place.as_deref().and_then(altitude),
        accuracy_m: accuracy.and_then(|metres| within(metres, noted::ACCURACIES)),
        ..Metadata::default()
    }
}

/// A text of the list that MP4 files carry, as iTunes began it.
fn item(moov: &[u8], name: &[u8; 4]) -> Option<String> {
    // A version stands before the boxes.
    let list = find(moov, &[b"udta", b"meta"])?.get(4..)?;
    let value = find(list, &[b"ilst", name, b"data"])?.get(8..)?;
    let value = &value[..value.len().min(4 * Metadata::MOST_CAPTION)];
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The third number of ISO 6709, in metres: `+27.5916+086.5640+8850/`.
fn altitude(text: &str) -> Option<f64> {
    let numbers = text.split('/').next()?;
    let signs: Vec<usize> = numbers.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let &[_, _, third] = signs.as_slice() else { return None };
    within(numbers[third..].parse().ok()?, noted::ALTITUDES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::testing::boxed;

    #[test]
    fn the_third_number_is_the_height() {
        assert_eq!(altitude("+27.5916+086.5640+8850/"), Some(8850.0));
        assert_eq!(altitude("+31.5000+035.4800-430.5/"), Some(-430.5));
        assert_eq!(altitude("+48.1173+011.5167/"), None);
        assert_eq!(altitude("+48.1173+011.5167+1e400/"), None);
    }

    #[test]
    fn an_mp4_has_its_title_in_a_list() {
        let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], "Lake".as_bytes()].concat());
        let list = boxed(b"ilst", &boxed(b"\xA9nam", &data));
        let meta = boxed(b"meta", &[vec![0; 4], boxed(b"hdlr", &[0; 25]), list].concat());
        let metadata = read(&boxed(b"udta", &meta)).metadata;
        assert_eq!(metadata.title.as_deref(), Some("Lake"));
    }

    #[test]
    fn a_packet_completes_the_keys() {
        let text = |name: &[u8; 4], text: &[u8]| {
            boxed(name, &[&(text.len() as u16).to_be_bytes(), &[0, 0], text].concat())
        };
        let packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF \
            xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description \
            xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'/></r:RDF></x:xmpmeta>";
        let inside = [text(b"\xA9nam", b"Lake"), boxed(b"XMP_", packet)].concat();
        let metadata = read(&boxed(b"udta", &inside)).metadata;
        assert_eq!((metadata.title.as_deref(), metadata.rating), (Some("Lake"), Some(4)));
    }
}
