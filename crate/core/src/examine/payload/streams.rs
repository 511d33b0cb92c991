//! The payload of a file whose index names places. Each stream of bytes (an item, a
//! track) has its own hash, so that a file is read once although its streams are
//! interleaved.

use super::part::part;

/// Most streams of one file; a file with more has no payload hash. Pictures of 48
/// megapixels have about 300 tiles. Chosen, not measured.
const MOST_STREAMS: usize = 1024;
/// Most places of one file, those that touch counted as one; a file with more has
/// no payload hash. Four hours of video have about 30,000. Chosen, not measured.
const MOST_PLACES: usize = 1 << 20;

/// Where some bytes of a stream lie.
struct Place {
    start: u64,
    end: u64,
    stream: usize,
}

struct Stream {
    name: [u8; 4],
    length: u64,
    hash: blake3::Hasher,
}

/// Takes a file in pieces and hashes what its index names.
pub(in crate::examine) struct Streams {
    /// Ascending, without overlap.
    places: Vec<Place>,
    streams: Vec<Stream>,
    /// The first place that did not come whole.
    next: usize,
    at: u64,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self { places: Vec::new(), streams: Vec::new(), next: 0, at: 0 }
    }

    /// Begins a stream. `None`: there are too many.
    pub(super) fn begin(&mut self, name: [u8; 4]) -> Option<()> {
        let stream = Stream { name, length: 0, hash: blake3::Hasher::new() };
        self.streams.push(stream);
        (self.streams.len() <= MOST_STREAMS).then_some(())
    }

    /// Bytes of the stream begun last that are in hand already.
    pub(super) fn hold(&mut self, bytes: &[u8]) {
        if let Some(stream) = self.streams.last_mut() {
            stream.hash.update(bytes);
            stream.length += bytes.len() as u64;
        }
    }

    /// Bytes of the stream begun last. `None`: they lie before others of the same
    /// stream that come first, or there are too many places.
    pub(super) fn place(&mut self, start: u64, length: u64) -> Option<()> {
        let stream = self.streams.len().checked_sub(1)?;
        let end = start.checked_add(length)?;
        if length == 0 {
            return Some(());
        }
        match self.places.last_mut().filter(|last| last.stream == stream) {
            Some(last) if last.end > start => return None,
            Some(last) if last.end == start => last.end = end,
            _ => self.places.push(Place { start, end, stream }),
        }
        self.streams[stream].length += length;
        (self.places.len() <= MOST_PLACES).then_some(())
    }

    /// What was named in a file of `size` bytes. `None`: nothing was, or it lies
    /// behind the end, or two streams share bytes.
    pub(super) fn within(mut self, size: u64) -> Option<Self> {
        self.places.sort_by_key(|place| place.start);
        let apart = self.places.windows(2).all(|pair| pair[0].end <= pair[1].start);
        let inside = self.places.last()?.end <= size;
        (apart && inside).then_some(self)
    }

    /// A hash of what the streams are called and how long they are, before anything
    /// came.
    pub(super) fn shape(&self) -> [u8; 32] {
        let mut hash = blake3::Hasher::new();
        for Stream { name, length, .. } in &self.streams {
            hash.update(name);
            hash.update(&length.to_le_bytes());
        }
        *hash.finalize().as_bytes()
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        let (from, to) = (self.at, self.at + bytes.len() as u64);
        while let Some(place) = self.places.get(self.next).filter(|place| place.start < to) {
            // Both lie in these bytes, or at their ends.
            let start = place.start.max(from) - from;
            let end = place.end.min(to) - from;
            self.streams[place.stream].hash.update(&bytes[start as usize..end as usize]);
            if place.end > to {
                break;
            }
            self.next += 1;
        }
        self.at = to;
    }

    /// The sum over all streams, in the order in which they were begun.
    pub(super) fn sum(self) -> Option<[u8; 32]> {
        let mut whole = blake3::Hasher::new();
        whole.update(b"streams");
        for Stream { name, length, hash } in &self.streams {
            part(&mut whole, *name, *length, hash);
        }
        (self.next == self.places.len()).then(|| *whole.finalize().as_bytes())
    }
}
