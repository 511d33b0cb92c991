//! One part of a payload.

/// Hashes one part of a payload: its name, its length and its hash. So two lists of
/// parts never give the same hash.
pub(super) fn part(whole: &mut blake3::Hasher, name: [u8; 4], length: u64, bytes: &blake3::Hasher) {
    whole.update(&name);
    whole.update(&length.to_le_bytes());
    whole.update(bytes.finalize().as_bytes());
}
