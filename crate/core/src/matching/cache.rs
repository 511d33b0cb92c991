//! Small exported pictures, kept while originals are compared with them,
//! within a budget of memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::proof::Sight;

/// Most bytes of small pictures in memory: about 340 of 512 × 384.
const BUDGET: usize = 128 << 20;

/// The small pictures used last, by number.
#[derive(Default)]
pub(super) struct Maps {
    maps: BTreeMap<u32, (u64, Arc<Sight>)>,
    used: BTreeMap<u64, u32>,
    clock: u64,
    bytes: usize,
}

impl Maps {
    pub(super) fn has(&self, number: u32) -> bool {
        self.maps.contains_key(&number)
    }

    pub(super) fn get(&mut self, number: u32) -> Option<Arc<Sight>> {
        let (stamp, map) = self.maps.get_mut(&number)?;
        self.clock += 1;
        self.used.remove(stamp);
        self.used.insert(self.clock, number);
        *stamp = self.clock;
        Some(Arc::clone(map))
    }

    /// Keeps a picture; those unused for longest make room.
    pub(super) fn keep(&mut self, number: u32, map: Sight) -> Arc<Sight> {
        self.drop_one(number);
        let map = Arc::new(map);
        self.clock += 1;
        self.bytes += weight(&map);
        self.used.insert(self.clock, number);
        self.maps.insert(number, (self.clock, Arc::clone(&map)));
        while self.bytes > BUDGET && self.maps.len() > 1 {
            let Some((_, &oldest)) = self.used.first_key_value() else { break };
            self.drop_one(oldest);
        }
        map
    }

    fn drop_one(&mut self, number: u32) {
        if let Some((stamp, map)) = self.maps.remove(&number) {
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
    use crate::examine::decode::{GreyMap, Tones};
    use crate::matching::tint::Colours;

    #[test]
    fn the_oldest_makes_room() {
        let grey = GreyMap { width: 1, height: 1, levels: vec![0; BUDGET / 20] };
        let colours = Colours::of(&Tones::from_rgb(0, 0, std::iter::empty()));
        let tenth = |_| Sight { grey: grey.clone(), colours: colours.clone() };
        let mut maps = Maps::default();
        (0..10).for_each(|number| drop(maps.keep(number, tenth(number))));
        assert!(maps.get(0).is_some());
        maps.keep(10, tenth(10));
        assert!(maps.has(0) && !maps.has(1) && maps.has(2) && maps.has(10));
        assert!(maps.bytes <= BUDGET);
    }
}
