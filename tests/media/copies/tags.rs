//! Other metadata around the same picture data.

use super::tools::Tools;
use crate::Outcome;
use crate::accuracy::dice::Dice;
use crate::picture::{self, Shot};

/// A picture's packet of XMP, as programs for photos write it.
const XMP: &str = r#"http://ns.adobe.com/xap/1.0/%<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="4"><dc:subject><rdf:Bag><rdf:li>harbour</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

/// What `exiftool` is told, each with what it is called.
const TOLD: [(&str, &[&str]); 5] = [
    ("another date", &["-DateTimeOriginal=2019:08:07 06:05:04"]),
    (
        "a place",
        &["-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.37", "-GPSLongitudeRef=E"],
    ),
    ("a rating and words", &["-XMP:Rating=5", "-XMP:Subject=boat"]),
    ("the artist", &["-Artist=Nora"]),
    ("without EXIF", &["-EXIF:all=", "-XMP:all=", "-tagsfromfile", "@", "-EXIF:Orientation"]),
];

/// The file with other metadata, and which, in words.
pub(super) fn edited(bytes: &[u8], tools: &Tools, dice: &mut Dice) -> Outcome<(Vec<u8>, String)> {
    let is_heic = bytes.get(4..8) == Some(b"ftyp");
    if let Some(program) = tools.exiftool.as_deref().filter(|_| dice.once_in(2)) {
        let (word, told) = dice.pick(&TOLD);
        let ending = if is_heic { "heic" } else { "jpg" };
        let words = |from: &str, to: &str| {
            let head = ["-q", "-m", "-o", to].map(str::to_owned).into_iter();
            let told = told.iter().map(|&word| word.to_owned());
            head.chain(told).chain([from.to_owned()]).collect()
        };
        // It refuses files whose EXIF is damaged.
        if let Ok(bytes) = tools.made(program, (bytes, ending), ending, words) {
            return Ok((bytes, format!("exiftool: {word}")));
        }
    }
    if is_heic { Ok(with_free_box(bytes, dice)) } else { by_hand(bytes, dice) }
}

/// A `free` box at the end, which readers skip.
fn with_free_box(bytes: &[u8], dice: &mut Dice) -> (Vec<u8>, String) {
    let mut made = bytes.to_vec();
    made.extend(16u32.to_be_bytes());
    made.extend(b"free");
    made.extend(dice.bits().to_be_bytes());
    (made, "a free box".into())
}

fn by_hand(jpeg: &[u8], dice: &mut Dice) -> Outcome<(Vec<u8>, String)> {
    let (segments, rest) = segments(jpeg).ok_or("a JPEG without a scan")?;
    let kept = |drop: &[u8]| -> Vec<Vec<u8>> {
        let is_kept = |segment: &&&[u8]| !drop.contains(&segment[1]);
        segments.iter().filter(is_kept).map(|segment| segment.to_vec()).collect()
    };
    let upright = picture::orientation(jpeg) == 1;
    let number = dice.bits();
    let (word, head, behind) = match dice.below(5) {
        0 => {
            ("a comment", [kept(&[]), vec![segment(0xfe, b"harbour, in the evening")]].concat(), 0)
        }
        1 => ("a rating and words", [kept(&[]), vec![segment(0xe1, &xmp())]].concat(), 0),
        2 => ("bytes behind its end", kept(&[]), 3000),
        3 if upright => ("without metadata", kept(&[0xe1, 0xed, 0xfe]), 0),
        _ => {
            let taken = Some(format!("2018-03-{:02}T07:08:{:02}", 1 + number % 28, number % 60));
            let camera = Some("Canon EOS 5D".to_owned());
            let orientation = Some(picture::orientation(jpeg));
            let block = picture::exif(&Shot { taken, camera, orientation, ..Shot::default() })?;
            let exif = segment(0xe1, &[b"Exif\0\0".as_slice(), &block].concat());
            ("another date and camera", [vec![exif], kept(&[0xe1])].concat(), 0)
        }
    };
    let tail = number.to_be_bytes().repeat(behind / 8);
    Ok(([b"\xff\xd8".to_vec(), head.concat(), rest.to_vec(), tail].concat(), word.into()))
}

fn xmp() -> Vec<u8> {
    XMP.replacen('%', "\0", 1).into_bytes()
}

/// A segment with this mark.
fn segment(mark: u8, content: &[u8]) -> Vec<u8> {
    let size = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    [&[0xff, mark][..], &size.to_be_bytes(), content].concat()
}

/// The segments of a JPEG before its first scan, and the rest (ITU-T T.81, B.1).
fn segments(jpeg: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut rest = jpeg.strip_prefix(b"\xff\xd8")?;
    let mut found = Vec::new();
    loop {
        let [0xff, mark, high, low, ..] = *rest else { return None };
        if mark == 0xda {
            return Some((found, rest));
        }
        let size = 2 + usize::from(u16::from_be_bytes([high, low]));
        found.push(rest.get(..size)?);
        rest = &rest[size..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_with_other_metadata_shows_the_same() {
        let photo = crate::fixture::bytes("photos/portrait-8.jpg").unwrap();
        let seen = picture::decode(&photo).unwrap().to_rgb8();
        let mut words = std::collections::BTreeSet::new();
        for seed in 0..20 {
            let dice = &mut Dice::new(seed, "tags");
            let (made, word) = edited(&photo, &Tools::default(), dice).unwrap();
            assert_ne!(made, photo);
            if words.insert(word.clone()) {
                assert!(picture::decode(&made).unwrap().to_rgb8() == seen, "{word}");
            }
        }
        assert_eq!(words.len(), 4, "{words:?}");
    }
}
