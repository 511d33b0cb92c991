//! Apple's maker note: a small big-endian directory whose offsets count from its own
//! beginning.

/// What the note begins with: a name, a version, the order of bytes.
const BEGINNING: &[u8] = b"Apple iOS\0\0\x01MM";
/// Bytes of an entry of a directory.
const ENTRY: usize = 12;
/// Most entries that are looked at; a phone writes about 50. Chosen, not measured.
const MOST_ENTRIES: usize = 200;
/// Most bytes of an identifier; those of phones have 36. Chosen, not measured.
const MOST_BYTES: usize = 100;

/// What is read of the note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Tag 0x0011: a Live Photo's two files share it, and an edited version has its
    /// original's.
    pub content_id: Option<String>,
    /// Tag 0x000b: the frames of a burst share it.
    pub burst: Option<String>,
    /// Tag 0x0015: the photo's own.
    pub image_id: Option<String>,
}

/// Reads a maker note; one of another maker says nothing.
#[must_use]
pub fn read(note: &[u8]) -> Note {
    Note { content_id: text(note, 0x11), burst: text(note, 0x0B), image_id: text(note, 0x15) }
}

/// The text of one tag.
fn text(note: &[u8], tag: u8) -> Option<String> {
    let directory = note.strip_prefix(BEGINNING)?;
    let count = u16::from_be_bytes(*directory.first_chunk()?);
    let entries = directory.get(2..)?.chunks_exact(ENTRY);
    let mut entries = entries.take(usize::from(count).min(MOST_ENTRIES));
    // Type 2 is ASCII.
    let entry = entries.find(|entry| entry[..4] == [0, tag, 0, 2])?;
    let number = |at: usize| entry.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four));
    let (length, start) = (number(4)? as usize, number(8)? as usize);
    let value = if length <= 4 {
        &entry[8..8 + length]
    } else {
        note.get(start..start.checked_add(length.min(MOST_BYTES))?)?
    };
    let id = std::str::from_utf8(value).ok()?.trim_matches(['\0', ' ']);
    (!id.is_empty() && !id.contains(char::is_control)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A note of texts.
    fn note(texts: &[(u8, &str)]) -> Vec<u8> {
        let mut bytes = [BEGINNING, &(texts.len() as u16).to_be_bytes()].concat();
        let mut start = bytes.len() + ENTRY * texts.len() + 4;
        for (tag, text) in texts {
            bytes.extend([0, *tag, 0, 2]);
            bytes.extend((text.len() as u32 + 1).to_be_bytes());
            bytes.extend((start as u32).to_be_bytes());
            start += text.len() + 1;
        }
        bytes.extend([0; 4]);
        texts.iter().for_each(|(_, text)| bytes.extend([text.as_bytes(), &[0]].concat()));
        bytes
    }

    #[test]
    fn reads_its_three_identifiers() {
        let bytes = note(&[(0x0B, "BURST-1"), (0x11, "CONTENT-2"), (0x15, "IMAGE-3")]);
        let found = read(&bytes);
        assert_eq!(found.burst.as_deref(), Some("BURST-1"));
        assert_eq!(found.content_id.as_deref(), Some("CONTENT-2"));
        assert_eq!(found.image_id.as_deref(), Some("IMAGE-3"));
    }

    #[test]
    fn other_notes_and_damaged_ones_say_nothing() {
        assert_eq!(read(b"Nikon\0\x02\x10\0\0MM"), Note::default());
        let bytes = note(&[(0x11, "CONTENT-2")]);
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), Note::default(), "cut at {end}");
        }
        let mut far = bytes;
        far[24..28].copy_from_slice(&[0xFF; 4]);
        assert_eq!(read(&far), Note::default());
    }
}
