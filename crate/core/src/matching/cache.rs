//! Small exported pictures, kept while originals are compared with them,
//! within a budget of memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sight::Sight;

/// Most bytes of small pictures in memory: about 340 of 512 × 384.
const BUDGET: usize = 128 << 20;

/// A trial's exported picture at one size.
pub(super) type AtSize = (u32, (u32, u32));

/// The small pictures used last.
#[derive(Default)]
pub(super) struct Maps {
    maps: BTreeMap<AtSize, (u64, Arc<Sight>)>,
    used: BTreeMap<u64, AtSize>,
    clock: u64,
    bytes: usize,
}

impl Maps {
    pub(super) fn has(&self, of: AtSize) -> bool {
        self.maps.contains_key(&of)
    }

    pub(super) fn get(&mut self, of: AtSize) -> Option<Arc<Sight>> {
        let (stamp, map) = self.maps.get_mut(&of)?;
        self.clock += 1;
        self.used.remove(stamp);
        self.used.insert(self.clock, of);
        *stamp = self.clock;
        Some(Arc::clone(map))
    }

    /// Keeps a picture; those unused for longest make room.
    pub(super) fn keep(&mut self, of: AtSize, map: Arc<Sight>) -> Arc<Sight> {
        self.drop_one(of);
        self.clock += 1;
        self.bytes += weight(&map);
        self.used.insert(self.clock, of);
        self.maps.insert(of, (self.clock, Arc::clone(&map)));
        while self.bytes > BUDGET && self.maps.len() > 1 {
            let Some((_, &oldest)) = self.used.first_key_value() else { break };
            self.drop_one(oldest);
        }
        map
    }

    fn drop_one(&mut self, of: AtSize) {
        if let Some((stamp, map)) = self.maps.remove(&of) {
            self.used.remove(&stamp);
            self.bytes -= weight(&map);
        }
    }
}

fn weight(map: &Sight) -> usize {
    map.grey.levels.len() * size_of::<u16>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::decode::GreyMap;
    use crate::model::Chroma;

    #[test]
    fn the_oldest_makes_room() {
        let grey = GreyMap { width: 1, height: 1, levels: vec![0; BUDGET / 20] };
        let chroma = Chroma(Box::default());
        let sight = Sight { grey, chroma, own_colours: true };
        let tenth = |_| Arc::new(sight.clone());
        let mut maps = Maps::default();
        let of = |number| (number, (1, 1));
        (0..10).for_each(|number| drop(maps.keep(of(number), tenth(number))));
        assert!(maps.get(of(0)).is_some());
        maps.keep(of(10), tenth(10));
        assert!(maps.has(of(0)) && !maps.has(of(1)) && maps.has(of(2)) && maps.has(of(10)));
        assert!(maps.bytes <= BUDGET);
    }
}
