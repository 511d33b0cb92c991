//! The names of a zip's files, where the zip does not say how they are encoded.
//!
//! Windows writes names in the code page of its consoles, which is another in each
//! country. The chat names its files, so the code page is the one in which the zip
//! has the chat's names.

use encoding_rs as web;

use super::chat::title;
use super::file_names::plain;
use super::zip_export::ZipEntry;

/// Code pages of DOS, which Windows calls OEM: one a line, its name and the letters of
/// the bytes from 128 on. From Unicode's mapping tables.
const OEM: &str = include_str!("oem_pages.tsv");

/// A way to read bytes as letters.
#[derive(Debug, Clone)]
enum Page {
    Oem(Vec<char>),
    Web(&'static web::Encoding),
}

impl Page {
    /// The text that the bytes are; `None` if they are none.
    fn read(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Oem(letters) => {
                let letter = |byte: &u8| match byte.checked_sub(128) {
                    None => Some(char::from(*byte)),
                    Some(at) => letters.get(usize::from(at)).copied(),
                };
                let text: Option<String> = bytes.iter().map(letter).collect();
                text.filter(|text| !text.contains('\u{FFFD}'))
            }
            Self::Web(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned),
        }
    }
}

/// All code pages that are tried, the first of equally good ones taken.
fn pages() -> Vec<Page> {
    let oem = |line: &str| {
        let (_, letters) = line.split_once('\t')?;
        Some(Page::Oem(letters.chars().collect()))
    };
    let web = [
        web::IBM866,
        web::SHIFT_JIS,
        web::GBK,
        web::BIG5,
        web::EUC_KR,
        web::EUC_JP,
        web::WINDOWS_1250,
        web::WINDOWS_1251,
        web::WINDOWS_1252,
        web::WINDOWS_1253,
        web::WINDOWS_1254,
        web::WINDOWS_1255,
        web::WINDOWS_1256,
        web::WINDOWS_1257,
        web::WINDOWS_1258,
        web::WINDOWS_874,
        web::KOI8_R,
        web::KOI8_U,
        web::MACINTOSH,
        web::X_MAC_CYRILLIC,
        web::ISO_8859_2,
        web::ISO_8859_5,
    ];
    OEM.lines().filter_map(oem).chain(web.map(Page::Web)).collect()
}

/// Whether the names of some entries need to be read by [`name`].
pub(super) fn are_unclear(entries: &[ZipEntry]) -> bool {
    entries.iter().any(|entry| entry.raw.is_some())
}

/// Reads the names that are not UTF-8 in the code page in which most of them stand in
/// the chat's texts; `names` says whether a text has a name. A name that stands there
/// in another one only is read so.
pub(super) fn name(entries: &mut [ZipEntry], texts: &[String], names: fn(&str, &str) -> bool) {
    let known = |path: &str| {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        // Letters that are the same in all code pages tell nothing.
        let tells = !name.is_ascii();
        tells && (title::is_known(&plain(name)) || texts.iter().any(|text| names(text, name)))
    };
    let pages = pages();
    let mut counts = vec![0_usize; pages.len()];
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(raw) = &entry.raw else { continue };
        for (index, page) in pages.iter().enumerate() {
            if page.read(raw).is_some_and(|path| known(&path)) {
                counts[index] += 1;
                found.push((at, index));
            }
        }
    }
    let best =
        (0..pages.len()).rev().max_by_key(|index| counts[*index]).filter(|at| counts[*at] > 0);
    for (at, entry) in entries.iter_mut().enumerate() {
        let Some(raw) = entry.raw.take() else { continue };
        let own = || found.iter().filter(|(of, _)| *of == at).map(|(_, index)| *index);
        let index = own().find(|index| Some(*index) == best).or_else(|| own().next()).or(best);
        // What no text names keeps what the zip's own standard says, code page 437.
        if let Some(path) = index.and_then(|index| pages[index].read(&raw)) {
            entry.path = path;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, Packing, Source};

    fn entry(raw: &[u8]) -> ZipEntry {
        let packing = Packing::Stored;
        let source = Source::Zipped { file: FileId(0), start: 0, packed: 0, packing, crc: None };
        ZipEntry { path: "?".into(), raw: Some(raw.to_vec()), size: 0, modified: None, source }
    }

    fn read(raws: &[&[u8]], text: &str) -> Vec<String> {
        let mut entries: Vec<ZipEntry> = raws.iter().map(|raw| entry(raw)).collect();
        name(&mut entries, &[text.to_string()], |text, name| text.contains(name));
        entries.into_iter().map(|entry| entry.path).collect()
    }

    #[test]
    fn the_chat_chooses_the_code_page_of_the_names() {
        for (page, name) in [
            ("shift_jis", "00000005-予定表.pdf"),
            ("ibm866", "00000005-отчёт.pdf"),
            ("windows-1251", "00000005-отчёт.pdf"),
            ("gbk", "00000005-日程表.pdf"),
            ("big5", "00000005-行程表.pdf"),
            ("euc-kr", "00000005-일정표.pdf"),
            ("windows-874", "00000005-รายงาน.pdf"),
            ("windows-1256", "00000005-تقرير.pdf"),
            ("windows-1253", "00000005-αναφορά.pdf"),
        ] {
            let encoding = web::Encoding::for_label(page.as_bytes()).expect(page);
            let raw = encoding.encode(name).0;
            assert_eq!(read(&[&raw], &format!("Ann: <attached: {name}>")), [name], "{page}");
        }
        // 850, 852 and 862 are of DOS alone.
        assert_eq!(read(&[b"\x9B.pdf"], "A: \u{F8}.pdf"), ["\u{F8}.pdf"]);
        assert_eq!(read(&[b"\x88.pdf"], "A: \u{142}.pdf"), ["\u{142}.pdf"]);
        assert_eq!(read(&[b"\x80\x81.pdf"], "A: \u{5D0}\u{5D1}.pdf"), ["\u{5D0}\u{5D1}.pdf"]);
    }

    #[test]
    fn a_name_that_no_text_has_is_read_as_the_others() {
        // "отчёт" and "план" in code page 866.
        let raws: [&[u8]; 2] = [b"\xAE\xE2\xE7\xF1\xE2.pdf", b"\xAF\xAB\xA0\xAD.pdf"];
        assert_eq!(read(&raws, "A: отчёт.pdf"), ["отчёт.pdf", "план.pdf"]);
        assert_eq!(read(&raws[1..], "A: nothing"), ["?"]);
    }
}
