//! The bytes of a text as characters: UTF-8, or UTF-16 with and without its
//! mark, which some Windows tools make of it.

/// Bytes at the start that show how a text without a mark is encoded.
const HEAD: usize = 4096;

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
    /// The text; what is no text is `�`.
    pub text: String,
    /// How many places were no valid text.
    pub bad: usize,
    /// How it was encoded.
    pub encoding: Encoding,
}

/// Decodes bytes as well as possible; never fails.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> Decoded {
    let encoding = encoding(&bytes);
    let (text, bad) = match encoding {
        Encoding::Utf8 => utf8(bytes),
        Encoding::Utf16Le => utf16(&bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(&bytes, u16::from_be_bytes),
    };
    Decoded { text, bad, encoding }
}

/// By the mark; without one by where the zero bytes are, of which every text
/// with digits and spaces has many in UTF-16 and none in UTF-8.
fn encoding(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xFF\xFE") {
        return Encoding::Utf16Le;
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Encoding::Utf16Be;
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = (head.len() / 20).max(1);
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
        assert_eq!(decode(bytes), Decoded { text: text.to_string(), bad, encoding });
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
        check(b"caf\xE9, \xFF".to_vec(), "caf\u{FFFD}, \u{FFFD}", 2, Encoding::Utf8);
        check(b"a\0b and more".to_vec(), "a\0b and more", 0, Encoding::Utf8);
        // Half a pair, and a byte too many.
        let mut bytes: Vec<u8> = "[1/2/22".encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.extend([0x3D, 0xD8, 0x41, 0x00, 0x42]);
        check(bytes, "[1/2/22\u{FFFD}A", 2, Encoding::Utf16Le);
        check(Vec::new(), "", 0, Encoding::Utf8);
    }
}
