//! UTF-16 pages as UTF-8 and back, in pieces of any size and without losing a byte.
//! Unpaired surrogates stand for themselves (WTF-8); an odd last byte is returned
//! at the end.

use super::encoding::Encoding;

/// Most bytes of a character in UTF-8 (RFC 3629).
const LONGEST: usize = 4;

/// UTF-16 becomes UTF-8.
#[derive(Debug)]
pub struct Narrow {
    big: bool,
    /// Bytes that wait for the rest of their unit or pair.
    held: Vec<u8>,
}

/// UTF-8 becomes UTF-16 again.
#[derive(Debug)]
pub struct Widen {
    big: bool,
    /// Bytes that wait for the rest of their character.
    held: Vec<u8>,
}

/// Both directions for a page; `None` if it is not in UTF-16.
#[must_use]
pub fn of(encoding: Encoding) -> Option<(Narrow, Widen)> {
    let big = match encoding {
        Encoding::Utf8 => return None,
        Encoding::Utf16Le => false,
        Encoding::Utf16Be => true,
    };
    Some((Narrow { big, held: Vec::new() }, Widen { big, held: Vec::new() }))
}

impl Narrow {
    /// The next bytes of the page in UTF-8.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let whole = self.held.len() / 2;
        let mut units: Vec<u16> = self.held.chunks_exact(2).map(|pair| self.unit(pair)).collect();
        // The first surrogate of a pair waits for the second.
        if units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            units.pop();
        }
        self.held.drain(..2 * units.len().min(whole));
        narrowed(&units)
    }

    /// What was held back: the rest in UTF-8, and an odd byte as it stands.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, Vec<u8>) {
        let units: Vec<u16> = self.held.chunks_exact(2).map(|pair| self.unit(pair)).collect();
        (narrowed(&units), self.held[2 * units.len()..].to_vec())
    }

    fn unit(&self, pair: &[u8]) -> u16 {
        let pair = [pair[0], pair[1]];
        if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    }
}

fn narrowed(units: &[u16]) -> Vec<u8> {
    let mut out = Vec::with_capacity(units.len());
    for unit in char::decode_utf16(units.iter().copied()) {
        match unit {
            Ok(c) => out.extend_from_slice(c.encode_utf8(&mut [0; LONGEST]).as_bytes()),
            Err(half) => {
                let [high, low] = half.unpaired_surrogate().to_be_bytes();
                let middle = 0x80 | (high & 0x0F) << 2 | low >> 6;
                out.extend_from_slice(&[0xE0 | high >> 4, middle, 0x80 | low & 0x3F]);
            }
        }
    }
    out
}

impl Widen {
    /// The next bytes of the page in UTF-16.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut out = Vec::with_capacity(2 * self.held.len());
        let mut at = 0;
        while let Some(length) = self.held.get(at).map(|first| length(*first)) {
            let Some(character) = self.held.get(at..at + length) else { break };
            for unit in widened(character) {
                out.extend(if self.big { unit.to_be_bytes() } else { unit.to_le_bytes() });
            }
            at += length;
        }
        self.held.drain(..at);
        out
    }
}

/// Bytes of the character that begins so.
fn length(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

fn widened(character: &[u8]) -> Vec<u16> {
    let start = match character.len() {
        1 => 0x7F,
        2 => 0x1F,
        3 => 0x0F,
        _ => 0x07,
    };
    let first = u32::from(character[0]) & start;
    let code = character[1..].iter().fold(first, |code, byte| code << 6 | u32::from(byte & 0x3F));
    match char::from_u32(code) {
        Some(c) => c.encode_utf16(&mut [0; 2]).to_vec(),
        // Half of a pair.
        None => vec![code as u16],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(units: &[u16], odd: &[u8]) {
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let write = |unit: &u16| match encoding {
                Encoding::Utf16Be => unit.to_be_bytes(),
                _ => unit.to_le_bytes(),
            };
            let page: Vec<u8> = units.iter().flat_map(write).chain(odd.iter().copied()).collect();
            for chunk in [1, 2, 3, 5, page.len().max(1)] {
                let (mut narrow, mut widen) = of(encoding).unwrap();
                let mut out = Vec::new();
                for part in page.chunks(chunk) {
                    for byte in narrow.feed(part) {
                        out.extend(widen.feed(&[byte]));
                    }
                }
                let (rest, odd) = narrow.finish();
                out.extend(widen.feed(&rest));
                out.extend(odd);
                assert_eq!(out, page, "{encoding:?} in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn every_page_comes_back_by_the_byte() {
        let text: Vec<u16> = "\u{FEFF}<p>Grüße 家族 👪</p>".encode_utf16().collect();
        check(&text, b"");
        check(&text, b"x");
        check(&[0xD800, 0x41, 0xDC00, 0xD800, 0xD83D, 0xDC6A, 0xD83D], b"");
        check(&[], b"");
    }
}
