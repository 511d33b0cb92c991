//! What hangs behind a JPEG's picture: the film of a motion photo, whether or not the
//! metadata speak of it. Anything else there (padding, what a recovered card held next)
//! is no part of the picture.

/// Bytes by which a film is known: the length of its first box, and that box's name.
const HEAD: usize = 8;

/// Bytes that the first box of a film has: its head, a brand, a version, and as many
/// compatible brands as any writer lists, with room (ISO/IEC 14496-12, 4.3).
const FIRST_BOX: std::ops::RangeInclusive<u32> = 16..=128;

/// Takes what follows a picture, in pieces.
#[derive(Default)]
pub(super) struct Behind {
    /// The last bytes that came, fewer than a head has.
    held: Vec<u8>,
    /// Of the film, once its beginning was found.
    film: Option<Box<blake3::Hasher>>,
}

impl Behind {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        if let Some(film) = &mut self.film {
            film.update(bytes);
            return;
        }
        self.held.extend_from_slice(bytes);
        if let Some(at) = self.held.windows(HEAD).position(begins_film) {
            let mut film = Box::<blake3::Hasher>::default();
            film.update(&self.held[at..]);
            self.film = Some(film);
        }
        let keep = self.held.len().saturating_sub(HEAD - 1);
        self.held.drain(..keep);
    }

    /// BLAKE3 of the film and what follows it; `None`: there is none.
    pub(super) fn film(self) -> Option<[u8; 32]> {
        self.film.map(|film| *film.finalize().as_bytes())
    }
}

fn begins_film(head: &[u8]) -> bool {
    let Some((length, name)) = head.split_first_chunk() else { return false };
    name == b"ftyp" && FIRST_BOX.contains(&u32::from_be_bytes(*length))
}
