//! Small files for the tests of this folder, made in code.

/// A box with its header.
pub fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend(name);
    bytes.extend(body);
    bytes
}

/// Big-endian numbers, one behind the other.
pub fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// An index with one video track of 640 × 360 and 2.5 s, lying on its side if
/// `turned`.
pub fn moov(turned: bool) -> Vec<u8> {
    let one = 0x1_0000_u32;
    let matrix = if turned {
        [0, one, 0, one.wrapping_neg(), 0, 0, 0, 0, 0x4000_0000]
    } else {
        [one, 0, 0, 0, one, 0, 0, 0, 0x4000_0000]
    };
    let mvhd = [words(&[0, 0, 0, 1000, 2500, one, 0x0100_0000, 0, 0]), words(&matrix), vec![0; 28]];
    let start = words(&[1, 0, 0, 1, 0, 2500, 0, 0, 0, 0]);
    let tkhd = [start, words(&matrix), words(&[640 << 16, 360 << 16])].concat();
    let hdlr = [&[0; 8][..], b"vide", &[0; 13]].concat();
    let mdia = [
        boxed(b"mdhd", &words(&[0, 0, 0, 1000, 2500, 0])),
        boxed(b"hdlr", &hdlr),
        boxed(b"minf", &boxed(b"stbl", &[])),
    ];
    let trak = [boxed(b"tkhd", &tkhd), boxed(b"mdia", &mdia.concat())].concat();
    boxed(b"moov", &[boxed(b"mvhd", &mvhd.concat()), boxed(b"trak", &trak)].concat())
}
