//! Where camera raws keep EXIF that are no plain TIFF.

use exif::Exif;

use crate::examine::boxes::{TopBox, children, follow};
use crate::examine::jpeg_marks::marks;
use crate::examine::photo_time::parse;
use crate::io::{ReadAt, read_range};

/// What Canon's box in a CR3's index is known by.
const CANON: &[u8] = b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
/// What the container calls an XMP packet of its own (XMP specification part 3, section
/// 1.2.7).
const PACKET: &[u8] = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
/// The directories of a CR3, each a block of its own: picture, exposure, GPS.
const DIRECTORIES: [&[u8; 4]; 3] = [b"CMT1", b"CMT2", b"CMT4"];
/// Most bytes of that packet; Canon writes 64 KB. Chosen, not measured.
const MOST_PACKET: u64 = 4 << 20;
/// Where a RAF names the JPEG in it.
const RAF_JPEG: usize = 84;

/// The blocks of a raw that is no plain TIFF, the main one first. Of a CR3 `source` must
/// hold the index.
#[must_use]
pub fn blocks(head: &[u8], source: &dyn ReadAt) -> Vec<Exif> {
    let magic = head.get(..4).unwrap_or_default();
    match magic {
        b"FUJI" => raf(head).and_then(parse).into_iter().collect(),
        // A TIFF but for its number: Olympus, Panasonic.
        b"IIRO" | b"IIRS" | b"IIU\0" => {
            parse(&[b"II*\0", &head[4..]].concat()).into_iter().collect()
        }
        b"MMOR" => parse(&[b"MM\0*", &head[4..]].concat()).into_iter().collect(),
        _ if head.get(4..8) == Some(b"ftyp") => canon(source).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The block in a RAF's JPEG.
fn raf(head: &[u8]) -> Option<&[u8]> {
    let start = u32::from_be_bytes(*head.get(RAF_JPEG..)?.first_chunk()?);
    marks(head.get(start as usize..)?)?.exif
}

/// The blocks of a CR3.
fn canon(source: &dyn ReadAt) -> Option<Vec<Exif>> {
    let boxes = follow(source, |found| &found.name == b"moov").ok()?;
    let index = boxes.last().filter(|found| &found.name == b"moov")?;
    let length = usize::try_from(index.end - index.body).ok()?;
    let index = read_range(source, index.body, length).ok()?;
    let own = children(&index).filter(|(name, _)| name == b"uuid");
    let own = own.filter_map(|(_, body)| body.strip_prefix(CANON)).next()?;
    let block = |name: &[u8; 4]| children(own).find(|(found, _)| found == name);
    Some(DIRECTORIES.into_iter().filter_map(block).filter_map(|(_, body)| parse(body)).collect())
}

/// The box with a CR3's packet, which stands behind the index.
fn packet_box(source: &dyn ReadAt) -> Option<TopBox> {
    let is_packet = |found: &TopBox| {
        let short = found.end - found.body <= MOST_PACKET;
        let id = || read_range(source, found.body, PACKET.len()).is_ok_and(|id| id == PACKET);
        &found.name == b"uuid" && short && id()
    };
    let boxes = follow(source, |found| &found.name == b"mdat" || is_packet(found)).ok()?;
    boxes.last().copied().filter(is_packet)
}

/// Where that box lies: its first byte and its end.
#[must_use]
pub fn packet_range(source: &dyn ReadAt) -> Option<(u64, u64)> {
    packet_box(source).map(|found| (found.start, found.end))
}

/// The packet of a CR3, if `source` holds it.
#[must_use]
pub fn packet(source: &dyn ReadAt) -> Option<Vec<u8>> {
    let found = packet_box(source)?;
    let length = usize::try_from(found.end - found.body).ok()?;
    read_range(source, found.body, length).ok()?.strip_prefix(PACKET).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::metadata::exif::read;
    use crate::examine::testing::boxed;
    use crate::model::Taken;

    /// A directory of one text, as wide as a date.
    fn block(tag: u16, text: &[u8; 20]) -> Vec<u8> {
        let mut bytes = b"MM\0*\0\0\0\x08\0\x01".to_vec();
        bytes.extend(tag.to_be_bytes());
        bytes.extend([0, 2, 0, 0, 0, 20, 0, 0, 0, 26, 0, 0, 0, 0]);
        bytes.extend(text);
        bytes
    }

    #[test]
    fn canons_directories_are_blocks_of_their_own() {
        let model = block(0x0110, b"Canon EOS R6\0\0\0\0\0\0\0\0");
        let date = block(0x9003, b"2024:03:03 10:05:00\0");
        let own = [CANON, &boxed(b"CMT1", &model), &boxed(b"CMT2", &date)].concat();
        let index = boxed(b"moov", &boxed(b"uuid", &own));
        let file = [boxed(b"ftyp", b"crx \0\0\0\0"), index].concat();
        let found = blocks(&file, &file);
        assert_eq!(read(&found[0]).camera.as_deref(), Some("Canon EOS R6"));
        assert_eq!(read(&found[1]).dates[0].taken, Taken::Wall(1_709_460_300));
        for end in 0..file.len() {
            drop(blocks(&file[..end], &&file[..end]));
        }
    }

    #[test]
    fn fujis_block_is_that_of_its_jpeg() {
        let model = block(0x0110, b"FinePix S5500\0\0\0\0\0\0\0");
        let mut file = b"FUJIFILMCCD-RAW 0201".to_vec();
        file.resize(RAF_JPEG, 0);
        file.extend(148_u32.to_be_bytes());
        file.resize(148, 0);
        file.extend([0xFF, 0xD8, 0xFF, 0xE1, 0, model.len() as u8 + 8]);
        file.extend([b"Exif\0\0", &model[..]].concat());
        let found = blocks(&file, &file);
        assert_eq!(read(&found[0]).camera.as_deref(), Some("FinePix S5500"));
        file[RAF_JPEG..RAF_JPEG + 4].copy_from_slice(&[0xFF; 4]);
        assert_eq!(blocks(&file, &file).len(), 0);
    }

    #[test]
    fn olympus_has_another_number() {
        let mut file = block(0x0110, b"E-M10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        file[2..4].copy_from_slice(b"OR");
        let found = blocks(&file, &file);
        assert_eq!(read(&found[0]).camera.as_deref(), Some("E-M10"));
    }
}
