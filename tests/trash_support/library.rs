//! Libraries with duplicates, and plans for them.

use heirloom_core::plan::trash::{Asked, Group, Unit, check};
use heirloom_core::rebuild::trash::Task;

use super::disk::Disk;

/// How many files the keeper's unit and each other unit of a group have.
pub type Shape = Vec<Vec<usize>>;

/// A library on a disk, and what is asked of the trash: all but the keepers.
pub fn library(shape: &Shape, other_storage: u64) -> (Disk, Asked) {
    let (mut disk, mut asked) = (Disk::default(), Asked::default());
    for (g, units) in shape.iter().enumerate() {
        let mut group = Group { list: "shot".into(), ..Group::default() };
        for (u, files) in units.iter().enumerate() {
            let mut unit = Vec::new();
            for f in 0..*files {
                let bit = (g * 7 + u) as u32 % 64;
                let storage = if other_storage >> bit & 1 == 1 { "other/" } else { "" };
                // Names that clash where cases of letters do not count.
                let letters = if u % 2 == 0 { "IMG" } else { "img" };
                let path = format!("{storage}g{g}/u{}/{letters}_{f}.jpg", u / 2);
                // No two files have the same bytes, so that a lost one is missed.
                let bytes = format!("{path} of {g} {u} {f}").repeat(3);
                disk.put(&format!("0/{path}"), bytes.as_bytes(), 1_600_000_000 + g as i64);
                let hash = blake3_of(bytes.as_bytes());
                asked.hashes.insert(path.clone(), hash);
                if u > 0 {
                    asked.trash.push(path.clone());
                }
                unit.push(path);
            }
            group.units.push(unit);
        }
        group.keeper.clone_from(&group.units[0][0]);
        asked.groups.push(group);
    }
    (disk, asked)
}

/// The units of a plan.
pub fn units(asked: &Asked) -> Vec<Unit> {
    let named = asked.trash.len() as u64;
    check(asked, &[]).unwrap().confirmed(named).unwrap().into_moves().units
}

/// A run of the trash for a plan.
pub fn task(asked: &Asked) -> Task {
    Task { folder: 0, when: "2026-12-01T00:00:00Z".into(), units: units(asked) }
}

fn blake3_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
