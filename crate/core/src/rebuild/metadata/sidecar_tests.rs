//! New sidecars, and those of other programs.

use proptest::prelude::*;

use super::*;
use crate::model::Field;
use crate::model::{Camera, PlaceName};

fn fields() -> Fields {
    Fields {
        place: Some((46.624, -14.307)),
        altitude_m: Some(-430.0),
        taken: Some(1_719_842_600),
        zone_minutes: Some(120),
        camera: Camera { make: Some("Acme".to_owned()), model: Some("R&D <1>".to_owned()) },
        lens: Some("50 mm \"f/2\"".to_owned()),
        place_name: Some(PlaceName { town: Some("Klagenfurt".to_owned()), ..PlaceName::default() }),
        tags: vec!["boat".to_owned(), "lake & sea".to_owned()],
        ..Fields::default()
    }
}

fn text(existing: Option<&str>, fields: &Fields) -> Result<String, Refused> {
    let bytes = sidecar(existing.map(str::as_bytes), fields)?;
    Ok(String::from_utf8(bytes).unwrap())
}

/// As darktable writes one.
const DARKTABLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:my="http://example.org/my/1.0/"
   exif:DateTimeOriginal="2020:01:01 10:00:00"
   my:shelf="blue &amp; green">
   <dc:subject><rdf:Bag><rdf:li>lake</rdf:li></rdf:Bag></dc:subject>
   <exif:GPSLatitude>1,2.0N</exif:GPSLatitude>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"#;

#[test]
fn a_new_one_says_all() {
    let text = text(None, &fields()).unwrap();
    for part in ["R&amp;D &lt;1&gt;", "2024-07-01T14:03:20+02:00", ">430000/1000<", "Klagenfurt"] {
        assert!(text.contains(part), "{part} is absent in {text}");
    }
}

#[test]
fn what_another_program_wrote_stays() {
    let new = text(Some(DARKTABLE), &fields()).unwrap();
    for part in ["my:shelf=\"blue &amp; green\"", "<rdf:li>lake</rdf:li>", "xmptk=\"XMP Core"] {
        assert!(new.contains(part), "{part} is gone");
    }
    for part in ["2020:01:01", "1,2.0N"] {
        assert!(!new.contains(part), "{part} contradicts");
    }
    assert!(new.contains("<rdf:li>boat</rdf:li>"));
    // Once more changes nothing but where our description stands.
    let again = text(Some(&new), &fields()).unwrap();
    assert_eq!(text(Some(&again), &fields()).unwrap().len(), again.len());
}

#[test]
fn only_what_is_given_is_touched() {
    let tags = Fields { tags: vec!["lake".to_owned(), "boat".to_owned()], ..Fields::default() };
    let new = text(Some(DARKTABLE), &tags).unwrap();
    assert_eq!(new, DARKTABLE.replace("lake</rdf:li>", "lake</rdf:li><rdf:li>boat</rdf:li>"));
    let same = Fields { tags: vec!["lake".to_owned()], ..Fields::default() };
    assert_eq!(text(Some(DARKTABLE), &same).unwrap(), DARKTABLE);
}

#[test]
fn foreign_prefixes_and_empty_forms() {
    let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let forms = [
        format!("<r:RDF xmlns:r='{rdf}'/>"),
        format!("<r:RDF xmlns:r='{rdf}'></r:RDF>"),
        format!("<RDF xmlns='{rdf}'><Description about='uuid:1'/></RDF>"),
        format!("<rdf:RDF xmlns:rdf='{rdf}' xmlns:exif='urn:not-exif'/>"),
        format!("\u{FEFF}<r:RDF xmlns:r='{rdf}'><r:Description r:about='a\"b&lt;'/></r:RDF>\n"),
        format!(
            "<r:RDF xmlns:r='{rdf}'><r:Description xmlns:d='http://purl.org/dc/elements/1.1/'>\
             <d:subject><r:Bag/></d:subject></r:Description></r:RDF>"
        ),
    ];
    for form in &forms {
        let new = text(Some(form), &fields());
        assert!(new.is_ok(), "{form}: {new:?}");
    }
}

#[test]
fn what_cannot_be_parsed_is_refused() {
    let refused = |bytes: &[u8]| sidecar(Some(bytes), &fields()).err();
    assert_eq!(refused(b"no XML"), Some(Refused::NotXml));
    assert_eq!(refused(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), Some(Refused::Form));
    assert_eq!(refused(&DARKTABLE.as_bytes()[..500]), Some(Refused::NotXml));
    assert_eq!(refused(b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>"), Some(Refused::NotXml));
    assert_eq!(refused(b"<a>\xFF\xFE</a>"), Some(Refused::Encoding));
    let latin = DARKTABLE.replace("UTF-8", "ISO-8859-1");
    assert_eq!(refused(latin.as_bytes()), Some(Refused::Encoding));
    let zone = Fields { zone_minutes: Some(60), ..Fields::default() };
    assert_eq!(sidecar(None, &zone), Err(Refused::NoDate));
    let none = Fields { place: Some((0.0, 0.0)), ..Fields::default() };
    assert_eq!(sidecar(None, &none), Err(Refused::Value(Field::Place)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_change_of_a_sidecar_is_refused_or_completed(at: u16, byte in 32_u8..127) {
        let mut old = DARKTABLE.as_bytes().to_vec();
        let at = usize::from(at) % old.len();
        old[at] = byte;
        if let Ok(new) = sidecar(Some(&old), &fields()) {
            // Names of our own prefixes may have become foreign; else only the value goes.
            let text = String::from_utf8(new).unwrap();
            prop_assert!(text.contains("adobe:ns:meta/") || !text.is_empty());
        }
    }

    #[test]
    fn any_text_is_escaped(lens in "[^\\p{Cc}]{1,20}", tag in "[ -~]{1,20}") {
        let fields = Fields { lens: Some(lens), tags: vec![tag], ..Fields::default() };
        if fields.check().is_ok() {
            let new = sidecar(None, &fields).unwrap();
            prop_assert!(sidecar(Some(&new), &fields).is_ok());
            prop_assert!(sidecar(Some(DARKTABLE.as_bytes()), &fields).is_ok());
        }
    }
}
