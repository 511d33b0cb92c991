//! What a file is, from its first bytes; what its name promises.

use super::encoding::{self, Encoding};
use crate::model::Kind;

/// Most first bytes that [`kind`] looks at. Chosen, not measured: text and camera
/// raws need more than the 32 that tell all other kinds.
pub const HEAD: usize = 4096;

/// Says what a file is from its first bytes: [`HEAD`] of them are enough, 32
/// do for everything but text and camera raws. Never fails.
#[must_use]
pub fn kind(head: &[u8]) -> Kind {
    let head = &head[..head.len().min(HEAD)];
    if head.is_empty() {
        return Kind::Empty;
    }
    magic(head)
        .or_else(|| container(head))
        .or_else(|| tiff(head))
        .or_else(|| textual(head))
        .unwrap_or(Kind::Unknown)
}

/// What a file's name promises, by its extension; `None` for extensions that
/// promise nothing this program knows.
#[must_use]
pub fn named_kind(name: &str) -> Option<Kind> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => Kind::Jpeg,
        "heic" | "heif" | "hif" => Kind::Heic,
        "avif" => Kind::Avif,
        "png" => Kind::Png,
        "webp" => Kind::Webp,
        "gif" => Kind::Gif,
        "tif" | "tiff" => Kind::Tiff,
        "dng" | "cr2" | "cr3" | "nef" | "nrw" | "arw" | "srw" | "orf" | "rw2" | "raf" | "pef" => {
            Kind::Raw
        }
        "mp4" | "m4v" | "mov" | "qt" | "3gp" | "3g2" => Kind::Video,
        "opus" | "ogg" | "oga" | "mp3" | "m4a" | "aac" | "amr" | "wav" | "flac" => Kind::Audio,
        "pdf" => Kind::Pdf,
        "zip" | "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp" | "apk" | "epub" => Kind::Zip,
        "html" | "htm" | "xhtml" => Kind::Html,
        "vcf" => Kind::Contact,
        "txt" => Kind::Text,
        _ => return None,
    })
}

/// What people call a photo or video that nothing here decodes; `None` for all that
/// is looked at, and for what is neither.
pub(crate) fn unlooked(name: &str, found: Kind) -> Option<&'static str> {
    const CALLED: &[(&str, &[&str])] = &[
        ("AVCHD", &["mts", "m2ts", "m2t"]),
        ("AVI", &["avi", "divx"]),
        ("BMP", &["bmp", "dib"]),
        ("camera raw", &["3fr", "dcr", "erf", "iiq", "k25", "kdc", "mdc", "mef", "mos", "mrw"]),
        ("camera raw", &["crw", "gpr", "raw", "rwl", "rwz", "sr2", "srf", "x3f"]),
        ("DV", &["dv"]),
        ("Flash video", &["f4v", "flv"]),
        ("JPEG 2000", &["j2k", "jp2", "jpf", "jpx"]),
        ("JPEG XL", &["jxl"]),
        ("JPEG XR", &["hdp", "jxr", "wdp"]),
        ("Matroska", &["mk3d", "mkv"]),
        ("MPEG", &["m2p", "m2v", "mod", "mpe", "mpeg", "mpg", "tod", "ts", "vob"]),
        ("MXF", &["mxf"]),
        ("Ogg video", &["ogm", "ogv"]),
        ("OpenEXR", &["exr"]),
        ("Photoshop", &["psb", "psd"]),
        ("RealMedia", &["rm", "rmvb"]),
        ("WebM", &["webm"]),
        ("Windows Media", &["asf", "wmv"]),
    ];
    match found {
        Kind::Avif => return Some("AVIF"),
        Kind::Gif => return Some("GIF"),
        Kind::Unknown | Kind::Audio => {}
        _ => return None,
    }
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let called = CALLED.iter().find(|(_, known)| known.contains(&extension.as_str()));
    called.map(|(called, _)| *called)
}

/// Files that begin with fixed bytes.
fn magic(head: &[u8]) -> Option<Kind> {
    const MAGIC: &[(&[u8], Kind)] = &[
        (b"\xFF\xD8\xFF", Kind::Jpeg),
        (b"\x89PNG\r\n\x1A\n", Kind::Png),
        (b"GIF87a", Kind::Gif),
        (b"GIF89a", Kind::Gif),
        (b"OggS", Kind::Audio),
        (b"ID3", Kind::Audio),
        (b"#!AMR", Kind::Audio),
        (b"fLaC", Kind::Audio),
        (b"%PDF-", Kind::Pdf),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"FUJIFILMCCD-RAW", Kind::Raw),
        (b"IIRO", Kind::Raw),
        (b"IIRS", Kind::Raw),
        (b"MMOR", Kind::Raw),
        (b"IIU\0", Kind::Raw),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Some(*kind);
    }
    match (head.get(..4), head.get(8..12)) {
        (Some(b"RIFF"), Some(b"WEBP")) => Some(Kind::Webp),
        (Some(b"RIFF"), Some(b"WAVE")) => Some(Kind::Audio),
        _ => is_sound_frame(head).then_some(Kind::Audio),
    }
}

/// A frame of MP3 (MPEG layer III) or AAC (ADTS) without any header before it.
fn is_sound_frame(head: &[u8]) -> bool {
    let [0xFF, second, third, ..] = *head else { return false };
    let mp3 = second & 0xE6 == 0xE2 && second & 0x18 != 0x08;
    let real_rates = third >> 4 != 0x0F && third & 0x0C != 0x0C;
    mp3 && real_rates || second & 0xF6 == 0xF0
}

/// ISO base media files: `ftyp` with a brand, or an older file that starts
/// with another box.
fn container(head: &[u8]) -> Option<Kind> {
    let size = head.get(..4)?;
    match head.get(4..8)? {
        b"ftyp" => Some(brand(head)),
        // A text may begin with "… free", too; the size of a real box is no text.
        b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" => {
            size.iter().any(u8::is_ascii_control).then_some(Kind::Video)
        }
        _ => None,
    }
}

fn brand(head: &[u8]) -> Kind {
    let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let end = length.clamp(8, head.len());
    let mut brands = head[8..end].chunks_exact(4);
    let major = brands.next().unwrap_or_default();
    match major {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Kind::Heic,
        b"avif" | b"avis" => Kind::Avif,
        // The general brands: the compatible ones tell the coding.
        b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
            if brands.any(|brand| brand == b"avif" || brand == b"avis") {
                Kind::Avif
            } else {
                Kind::Heic
            }
        }
        b"crx " => Kind::Raw,
        b"M4A " | b"M4B " | b"M4P " | b"F4A " => Kind::Audio,
        b"jp2 " | b"jxl " => Kind::Unknown,
        _ => Kind::Video,
    }
}

/// TIFF, and the camera raws built on it: Canon marks the header, DNG has its
/// own tag, and the others (NEF, ARW …) keep only a small picture in the first
/// directory and the real one in a sub-directory.
fn tiff(head: &[u8]) -> Option<Kind> {
    let little = match head.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    if head.get(8..10) == Some(b"CR") {
        return Some(Kind::Raw);
    }
    let directory = u32_at(head, 4, little).map_or(usize::MAX, |at| at as usize);
    let mut small_first = false;
    let mut nested = false;
    let count = u16_at(head, directory, little).unwrap_or(0);
    for index in 0..usize::from(count) {
        let at = directory.saturating_add(2 + 12 * index);
        match u16_at(head, at, little) {
            Some(0xC612) => return Some(Kind::Raw), // DNGVersion
            Some(0x00FE) => small_first = u32_at(head, at.saturating_add(8), little) == Some(1), // NewSubfileType
            Some(0x014A) => nested = true, // SubIFDs
            Some(_) => {}
            None => break,
        }
    }
    Some(if small_first && nested { Kind::Raw } else { Kind::Tiff })
}

fn u16_at(bytes: &[u8], at: usize, little: bool) -> Option<u16> {
    let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
}

fn u32_at(bytes: &[u8], at: usize, little: bool) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
}

fn textual(head: &[u8]) -> Option<Kind> {
    if encoding::encoding(head) != Encoding::Utf8 {
        let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
        let text = encoding::decode(head.to_vec()).text;
        let page = is_text(text.as_bytes()) && markup(text.as_bytes()) == Kind::Html;
        return if page { Some(Kind::Html) } else { wide.then_some(Kind::Text) };
    }
    is_text(head).then(|| markup(head))
}

/// What kind of text it is.
fn markup(text: &[u8]) -> Kind {
    let body = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let lower = body.to_ascii_lowercase();
    const PAGE: [&[u8]; 6] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<title"];
    let opened = PAGE.iter().any(|tag| lower.starts_with(tag));
    let preceded = (lower.starts_with(b"<!--") || lower.starts_with(b"<?xml"))
        && lower.windows(5).any(|five| five == b"<html");
    if opened || preceded {
        Kind::Html
    } else if lower.starts_with(b"begin:vcard") {
        Kind::Contact
    } else {
        Kind::Text
    }
}

/// Whether bytes read as text: no control characters but line breaks and the
/// like, and at most one byte in ten that is not UTF-8 (old 8-bit texts).
fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    if head.iter().any(|byte| control(byte) || *byte == 0x7F) {
        return false;
    }
    let bad: usize = head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    // The head may end inside a character of up to four bytes.
    bad <= 3 || bad * 10 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], want: Kind) {
        assert_eq!(kind(head), want, "{}", String::from_utf8_lossy(head));
    }

    #[test]
    fn knows_pictures() {
        check(b"\xFF\xD8\xFF\xE0\0\x10JFIF", Kind::Jpeg);
        check(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Kind::Png);
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Kind::Webp);
        check(b"GIF89a\x01\0", Kind::Gif);
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Kind::Heic);
        check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind::Heic);
        check(b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf", Kind::Avif);
        check(b"\0\0\0\x18ftypmsf1\0\0\0\0", Kind::Heic);
        check(b"\0\0\0\x18ftypavif\0\0\0\0", Kind::Avif);
        check(b"\0\0\0\x18ftypcrx \0\0\0\0", Kind::Raw);
    }

    #[test]
    fn tells_raws_from_tiffs() {
        check(b"II*\0\x10\0\0\0CR\x02\0", Kind::Raw);
        let one_tag = |tag: &[u8]| [b"II*\0\x08\0\0\0\x01\0", tag, &[0; 4]].concat();
        check(&one_tag(b"\x12\xC6\x01\0\x04\0\0\0\x01\x04\0\0"), Kind::Raw);
        check(&one_tag(b"\0\x01\x03\0\x01\0\0\0\x40\0\0\0"), Kind::Tiff);
        let nikon = b"MM\0*\0\0\0\x08\0\x02\
            \0\xFE\0\x04\0\0\0\x01\0\0\0\x01\x01\x4A\0\x04\0\0\0\x02\0\0\0\x99";
        check(nikon, Kind::Raw);
        check(b"II*\0\xFF\xFF\xFF\xFF", Kind::Tiff);
    }

    #[test]
    fn knows_videos_and_sound() {
        check(b"\0\0\0\x18ftypmp42\0\0\0\0", Kind::Video);
        check(b"\0\0\0\x14ftypqt  \0\0\0\0", Kind::Video);
        check(b"\0\0\0\x14ftyp3gp5\0\0\0\0", Kind::Video);
        check(b"\0\0\x08\x14moov\0\0\0\x6Cmvhd", Kind::Video);
        check(b"\0\0\0\x08wide\0\0\0\0mdat", Kind::Video);
        check(b"\0\0\0\x01mdat\0\0\0\0\x10\0\0\0", Kind::Video);
        check(b"\0\0\0\x18ftypM4A \0\0\0\0", Kind::Audio);
        check(b"OggS\0\x02\0\0", Kind::Audio);
        check(b"ID3\x03\0\0\0", Kind::Audio);
        check(b"\xFF\xFB\x90\x64\0", Kind::Audio);
        check(b"\xFF\xF1\x50\x80\0", Kind::Audio);
        check(b"#!AMR\n", Kind::Audio);
        check(b"RIFF\x10\0\0\0WAVEfmt ", Kind::Audio);
    }

    #[test]
    fn knows_documents_and_texts() {
        check(b"%PDF-1.7\n", Kind::Pdf);
        check(b"PK\x03\x04\x14\0", Kind::Zip);
        check(b"\xEF\xBB\xBF <!DOCTYPE HTML><html>", Kind::Html);
        check(b"<?xml version='1.0'?>\n<html xmlns=''>", Kind::Html);
        let wide = |text: &str| -> Vec<u8> {
            "\u{FEFF}".chars().chain(text.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect()
        };
        check(&wide("<!DOCTYPE html><html>"), Kind::Html);
        check(&wide("<!DOCTYPE html><html>")[2..], Kind::Html);
        check(&wide("a letter"), Kind::Text);
        check(b"BEGIN:VCARD\r\nVERSION:3.0", Kind::Contact);
        check("[20.06.19, 15:58:47] José: ¿sí?".as_bytes(), Kind::Text);
        check(b"\xFF\xFE[\x002\x00", Kind::Text);
        check(b"I'm free tonight", Kind::Text);
        check(b"caf\xE9 au lait, tr\xE8s bien", Kind::Text);
        check(b"", Kind::Empty);
        check(b"\x00\x01\x02\x03", Kind::Unknown);
        check(b"\xC3\x28\xA0\xA1\xE2\x28\xA1", Kind::Unknown);
    }

    #[test]
    fn a_character_cut_off_by_the_end_is_still_text() {
        let mut text = "a".repeat(HEAD - 2).into_bytes();
        text.extend("😀".as_bytes());
        check(&text, Kind::Text);
    }

    #[test]
    fn a_photo_or_video_without_a_decoder_has_a_name() {
        assert_eq!(unlooked("a.avif", Kind::Avif), Some("AVIF"));
        assert_eq!(unlooked("a", Kind::Gif), Some("GIF"));
        assert_eq!(unlooked("IMG_1.JXL", Kind::Unknown), Some("JPEG XL"));
        assert_eq!(unlooked("00012.MTS", Kind::Unknown), Some("AVCHD"));
        assert_eq!(unlooked("a.mkv", Kind::Jpeg), None);
        assert_eq!(unlooked("a.ts", Kind::Text), None);
        assert_eq!(unlooked("a.db", Kind::Unknown), None);
    }

    #[test]
    fn names_promise_kinds() {
        assert_eq!(named_kind("IMG_1.JPG"), Some(Kind::Jpeg));
        assert_eq!(named_kind("a.b.heic"), Some(Kind::Heic));
        assert_eq!(named_kind("LICENSE"), None);
        assert_eq!(named_kind("x.unknown"), None);
    }
}
