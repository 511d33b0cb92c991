//! The bytes of a text as characters: UTF-8; UTF-16 with and without its mark, or a
//! code page, which Windows tools make of it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// Bytes at the start by which the encoding of a text without a byte order mark is
/// recognised. Chosen, not measured.
pub const HEAD: usize = 4096;

/// Bytes of a text by which its code page is guessed. Chosen, not measured: the more,
/// the surer, and a second's work at most.
const GUESSED: usize = 1 << 20;

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As WhatsApp writes it.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
}

/// Decoded bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; bytes that are no text become `�`.
    pub text: String,
    /// How many places were no text.
    pub bad: usize,
    /// How it was encoded.
    pub encoding: Encoding,
    /// The code page, if it is none of these.
    pub code_page: Option<&'static str>,
}

/// Decodes bytes as well as possible; never fails. Line ends of old Macs become those
/// of everybody.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> Decoded {
    let encoding = encoding(&bytes);
    let mut code_page = None;
    let (text, bad) = match encoding {
        Encoding::Utf8 => match in_code_page(&bytes) {
            Some((name, text, bad)) => {
                code_page = Some(name);
                (text, bad)
            }
            None => utf8(bytes),
        },
        Encoding::Utf16Le => utf16(&bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(&bytes, u16::from_be_bytes),
    };
    Decoded { text: with_line_ends(text), bad, encoding, code_page }
}

/// A text whose lines end with carriage returns alone has line feeds instead.
fn with_line_ends(text: String) -> String {
    let feeds = text.bytes().filter(|byte| *byte == b'\n').count();
    let pairs = text.matches("\r\n").count();
    let lone = text.bytes().filter(|byte| *byte == b'\r').count() - pairs;
    if lone == 0 || lone < feeds {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A text in a code page: its name, the text, how many places are no text. `None` if
/// the bytes are UTF-8, with a few damaged places perhaps, or no text at all.
fn in_code_page(bytes: &[u8]) -> Option<(&'static str, String, usize)> {
    let (mut wide, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    // The text may be cut inside of a character.
    let cut = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A);
    if invalid <= usize::from(cut) || invalid <= wide || bytes.iter().any(control) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED)], bytes.len() <= GUESSED);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let bad = text.matches('\u{FFFD}').count();
    Some((encoding.name(), text.into_owned(), bad))
}

/// The encoding, by the byte order mark or else by where zero bytes are: a text
/// with digits and spaces has many of them in UTF-16 and none in UTF-8.
#[must_use]
pub fn encoding(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xFF\xFE") {
        return Encoding::Utf16Le;
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Encoding::Utf16Be;
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // A long message in another script has few digits and spaces.
    let many = (head.len() / 100).max(1);
    if odd > many && odd > 8 * even {
        Encoding::Utf16Le
    } else if even > many && even > 8 * odd {
        Encoding::Utf16Be
    } else {
        Encoding::Utf8
    }
}

fn utf8(bytes: Vec<u8>) -> (String, usize) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, 0),
        Err(error) => {
            let bad = error.as_bytes().utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), bad.count())
        }
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> (String, usize) {
    let pairs = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    let mut bad = bytes.len() % 2;
    let decoded = char::decode_utf16(pairs).map(|unit| {
        unit.unwrap_or_else(|_| {
            bad += 1;
            char::REPLACEMENT_CHARACTER
        })
    });
    let text: String = decoded.collect();
    (text, bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[3/27/22, 21:41:35] علي: مرحبا 🤓\r\n[3/27/22, 21:42:35] Bob: hi\r\n";

    #[track_caller]
    fn check(bytes: Vec<u8>, text: &str, bad: usize, encoding: Encoding) {
        let want = Decoded { text: text.to_string(), bad, encoding, code_page: None };
        assert_eq!(decode(bytes), want);
    }

    #[test]
    fn reads_utf_16_with_and_without_its_mark() {
        let units = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(bytes).collect()
        };
        let marked = format!("\u{FEFF}{TEXT}");
        check(units(TEXT, u16::to_le_bytes), TEXT, 0, Encoding::Utf16Le);
        check(units(TEXT, u16::to_be_bytes), TEXT, 0, Encoding::Utf16Be);
        check(units(&marked, u16::to_le_bytes), &marked, 0, Encoding::Utf16Le);
        check(units(&marked, u16::to_be_bytes), &marked, 0, Encoding::Utf16Be);
    }

    #[test]
    fn counts_what_is_no_text() {
        check(TEXT.into(), TEXT, 0, Encoding::Utf8);
        let damaged = [TEXT.as_bytes(), b"\xE9, \xFF"].concat();
        check(damaged, &format!("{TEXT}\u{FFFD}, \u{FFFD}"), 2, Encoding::Utf8);
        check(b"a\0b and more".to_vec(), "a\0b and more", 0, Encoding::Utf8);
        // Half a pair, and a byte too many.
        let mut bytes: Vec<u8> = "[1/2/22".encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.extend([0x3D, 0xD8, 0x41, 0x00, 0x42]);
        check(bytes, "[1/2/22\u{FFFD}A", 2, Encoding::Utf16Le);
        check(Vec::new(), "", 0, Encoding::Utf8);
    }

    #[track_caller]
    fn check_page(name: &str, text: &str) {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).expect(name);
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{name} lacks a letter of {text}");
        let found = decode(bytes.into_owned());
        assert_eq!((found.code_page, found.text.as_str()), (Some(encoding.name()), text));
    }

    #[test]
    fn a_text_saved_in_a_code_page_keeps_its_letters() {
        for (page, text) in [
            ("windows-1251", "Оля: привет\nИван: как дела\n"),
            ("windows-1252", "Jürgen: schönes Wetter\nZoë: ja, für später\n"),
            ("windows-1250", "Łukasz: dzień dobry, proszę\nŻaneta: cześć, dziękuję\n"),
            ("windows-1253", "Γιώργος: καλημέρα\nΕλένη: τι κάνεις\n"),
            ("windows-1254", "Ayşe: günaydın, nasılsın\nİbrahim: iyiyim, teşekkürler\n"),
            ("windows-1255", "דנה: בוקר טוב\nיוסי: מה שלומך\n"),
            ("windows-1256", "علي: صباح الخير\nمريم: كيف حالك\n"),
            ("windows-874", "สมชาย: สวัสดีครับ\nมาลี: สบายดีไหม\n"),
            ("shift_jis", "太郎: おはようございます\n花子: 元気ですか\n"),
            ("gbk", "小明: 早上好，今天天气很好\n小红: 我们去公园吧\n"),
            ("big5", "小明: 早安，今天天氣很好\n小紅: 我們去公園吧\n"),
            ("euc-kr", "철수: 안녕하세요\n영희: 잘 지내세요\n"),
        ] {
            let lines = text.lines().map(|line| format!("03.03.2024, 10:12 - {line}\n"));
            check_page(page, &lines.collect::<String>());
        }
    }

    #[test]
    fn lines_that_end_as_on_old_macs_are_lines() {
        check(b"a\rb\r".to_vec(), "a\nb\n", 0, Encoding::Utf8);
        check(b"a\r\nb\r\n".to_vec(), "a\r\nb\r\n", 0, Encoding::Utf8);
        check(b"a\rb\nc\nd".to_vec(), "a\rb\nc\nd", 0, Encoding::Utf8);
    }
}
