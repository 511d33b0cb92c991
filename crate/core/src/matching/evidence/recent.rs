//! A cache of decoded pictures within a budget of memory; the least recently used
//! go first.

use std::collections::BTreeMap;

/// The things used last, each with its size in bytes.
pub(in crate::matching) struct Recent<K, V> {
    budget: usize,
    things: BTreeMap<K, Thing<V>>,
    used: BTreeMap<u64, K>,
    clock: u64,
    bytes: usize,
}

struct Thing<V> {
    used: u64,
    bytes: usize,
    value: V,
}

impl<K: Copy + Ord, V: Clone> Recent<K, V> {
    /// Keeps at most `budget` bytes, but always the last thing, however large.
    pub(in crate::matching) fn within(budget: usize) -> Self {
        Self { budget, things: BTreeMap::new(), used: BTreeMap::new(), clock: 0, bytes: 0 }
    }

    pub(in crate::matching) fn has(&self, key: K) -> bool {
        self.things.contains_key(&key)
    }

    pub(in crate::matching) fn get(&mut self, key: K) -> Option<V> {
        let thing = self.things.get_mut(&key)?;
        self.clock += 1;
        self.used.remove(&thing.used);
        self.used.insert(self.clock, key);
        thing.used = self.clock;
        Some(thing.value.clone())
    }

    /// Keeps a thing; those unused for longest are dropped until it fits.
    pub(in crate::matching) fn keep(&mut self, key: K, value: V, bytes: usize) {
        self.drop_one(key);
        self.clock += 1;
        self.bytes += bytes;
        self.used.insert(self.clock, key);
        self.things.insert(key, Thing { used: self.clock, bytes, value });
        while self.bytes > self.budget && self.things.len() > 1 {
            let Some((_, &oldest)) = self.used.first_key_value() else { break };
            self.drop_one(oldest);
        }
    }

    fn drop_one(&mut self, key: K) {
        if let Some(thing) = self.things.remove(&key) {
            self.used.remove(&thing.used);
            self.bytes -= thing.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut recent = Recent::within(100);
        (0..10).for_each(|number| recent.keep(number, (), 10));
        assert!(recent.get(0).is_some());
        recent.keep(10, (), 10);
        assert!(recent.has(0) && !recent.has(1) && recent.has(2) && recent.has(10));
        assert!(recent.bytes <= 100);
    }
}
