//! A disk in memory that a run works on: its power can fail after any act and in the
//! middle of one, and any act can be refused.

use std::collections::BTreeMap;

use heirloom_core::rebuild::trash::{
    Act, Form, MANIFEST, Manifest, Next, Outcome, PART, Place, Run, Seen, Time,
};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub bytes: Vec<u8>,
    pub modified: Time,
    pub inode: u64,
    pub is_link: bool,
}

/// All files. Keys begin with the number of a given folder, or with `T/RUN/` for a
/// run's own folder.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub files: BTreeMap<String, Node>,
    /// Whether two cases of a letter are one name in the trash.
    pub folds: bool,
    /// Whether the storage has second names instead of moves that never write over.
    pub links: bool,
    inodes: u64,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
pub enum Wrong {
    Nothing,
    /// The power fails at this act, counted from 0, which is done in this way.
    Killed {
        at: usize,
        how: Half,
    },
    /// Of so many acts one is refused, on average.
    Refused {
        one_in: u64,
        seed: u64,
    },
}

/// How much of an act is done when the power fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    None,
    Middle,
    All,
}

/// What became of a run.
#[derive(Debug, PartialEq, Eq)]
pub enum End<T> {
    Done(T),
    Killed,
}

impl Disk {
    pub fn put(&mut self, key: &str, bytes: &[u8], seconds: i64) {
        self.inodes += 1;
        let modified = Time { seconds, nanos: (self.inodes * 100) as u32 };
        let node = Node { bytes: bytes.to_vec(), modified, inode: self.inodes, is_link: false };
        self.files.insert(key.to_owned(), node);
    }

    /// The files of the given folders.
    pub fn outside(&self) -> BTreeMap<String, Node> {
        let outside = self.files.iter().filter(|(key, _)| !key.starts_with("T/"));
        outside.map(|(key, node)| (key.clone(), node.clone())).collect()
    }

    /// The manifests that can be read, by the name of their run.
    pub fn manifests(&self) -> Vec<(String, Manifest)> {
        let text = |(key, node): (&String, &Node)| {
            let run = key.strip_suffix(MANIFEST)?.strip_suffix('/')?;
            Some((run.to_owned(), Manifest::parse(&node.bytes).ok()?))
        };
        self.files.iter().filter_map(text).collect()
    }

    /// Whether all bytes of a file are where they were, or in the trash under a
    /// manifest.
    #[track_caller]
    pub fn holds(&self, key: &str, node: &Node, when: &str) {
        let same = |found: &Node| found.bytes == node.bytes && !found.is_link;
        if self.files.get(key).is_some_and(|home| same(home) && home.modified == node.modified) {
            return;
        }
        let path = key.split_once('/').unwrap().1;
        let listed = self.manifests().into_iter().any(|(run, manifest)| {
            manifest.units.iter().flat_map(|unit| &unit.files).any(|file| {
                let kept = self.files.get(&format!("{run}/{}", file.kept));
                file.path == path && kept.is_some_and(same)
            })
        });
        assert!(listed, "{key} is lost {when}: {:#?}", self.files.keys());
    }

    fn find(&self, key: &str) -> Option<String> {
        if self.files.contains_key(key) {
            return Some(key.to_owned());
        }
        let folds = self.folds && key.starts_with("T/");
        let same = |other: &&String| folds && other.to_lowercase() == key.to_lowercase();
        self.files.keys().find(same).cloned()
    }

    /// Drives a run over this disk; `run_folder` is the run's own folder. `seen` is
    /// told of the disk after each act.
    pub fn drive<T>(
        &mut self,
        run_folder: &str,
        mut run: Run<T>,
        wrong: Wrong,
        mut seen: impl FnMut(&mut Self, usize),
    ) -> End<T> {
        let mut random = match wrong {
            Wrong::Refused { seed, .. } => seed,
            _ => 1,
        };
        for turn in 0.. {
            let act = match run.wants() {
                Next::Act(act) => act,
                Next::Done(done) => return End::Done(done),
            };
            assert!(turn < 100_000, "the run does not end");
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let outcome = match wrong {
                Wrong::Killed { at, how } if at == turn => {
                    match how {
                        Half::None => {}
                        Half::Middle => self.half(run_folder, &act),
                        Half::All => drop(self.perform(run_folder, &act)),
                    }
                    seen(self, turn);
                    return End::Killed;
                }
                Wrong::Refused { one_in, .. } if (random >> 33) % one_in == 0 => {
                    if matches!(act, Act::Copy(..)) {
                        self.half(run_folder, &act);
                    }
                    Outcome::Failed("was refused".into())
                }
                _ => self.perform(run_folder, &act),
            };
            seen(self, turn);
            run.supply(outcome);
        }
        unreachable!()
    }

    /// An act of which the power's failure leaves a half.
    fn half(&mut self, run: &str, act: &Act) {
        match act {
            Act::Copy(from, to, at, most) => {
                self.perform(run, &Act::Copy(from.clone(), to.clone(), *at, most / 2));
                if let Some(part) = self.files.get_mut(&key(run, to)) {
                    let half = part.bytes.len() / 2;
                    part.bytes.truncate(half);
                }
            }
            // Both names are there.
            Act::Move(from, to) if self.links => {
                if let (Some(old), None) = (self.find(&key(run, from)), self.find(&key(run, to))) {
                    let node = self.files[&old].clone();
                    self.files.insert(key(run, to), node);
                }
            }
            _ => {}
        }
    }

    fn perform(&mut self, run: &str, act: &Act) -> Outcome {
        let at = |place: &Place| key(run, place);
        match act {
            Act::Keep(record, bytes) => {
                let key = format!("{run}/{}", record.name());
                match bytes {
                    Some(bytes) => self.put(&key, bytes, 0),
                    None => drop(self.files.remove(&key)),
                }
                Outcome::Done
            }
            Act::Recall(record, _) => match self.files.get(&format!("{run}/{}", record.name())) {
                Some(node) => Outcome::Bytes(node.bytes.clone()),
                None => Outcome::Gone,
            },
            Act::Look(place) => self.found(&at(place)).map_or(Outcome::Gone, |node| {
                Outcome::Seen(Seen {
                    form: if node.is_link { Form::Other } else { Form::File },
                    size: node.bytes.len() as u64,
                    modified: Some(node.modified),
                    identity: Some((1, node.inode)),
                })
            }),
            Act::Read(place, from, most) => self.found(&at(place)).map_or(Outcome::Gone, |node| {
                Outcome::Bytes(part(&node.bytes, *from, *most).to_vec())
            }),
            Act::Move(from, to) => self.rename(&at(from), &at(to)),
            Act::Copy(from, to, begin, most) => self.copy(&at(from), &at(to), *begin, *most),
            Act::Seal { copy, modified, .. } => {
                let key = at(copy);
                let Some(node) = self.files.get_mut(&key) else { return Outcome::Gone };
                node.modified = modified.unwrap();
                Outcome::Done
            }
            Act::Date(place, modified) => {
                let key = at(place);
                let Some(node) = self.files.get_mut(&key) else { return Outcome::Gone };
                node.modified = *modified;
                Outcome::Done
            }
            Act::Remove(place) | Act::Discard(place) => match self.find(&at(place)) {
                Some(key) => {
                    self.files.remove(&key);
                    Outcome::Done
                }
                None => Outcome::Gone,
            },
            Act::Sync(_) | Act::Tidy => Outcome::Done,
        }
    }

    fn found(&self, key: &str) -> Option<&Node> {
        self.files.get(&self.find(key)?)
    }

    fn rename(&mut self, from: &str, to: &str) -> Outcome {
        let Some(from) = self.find(from) else { return Outcome::Gone };
        if device(&from) != device(to) {
            return Outcome::Elsewhere;
        }
        if self.find(to).is_some() {
            return Outcome::Taken;
        }
        let node = self.files.remove(&from).unwrap();
        self.files.insert(to.to_owned(), node);
        Outcome::Done
    }

    fn copy(&mut self, from: &str, to: &str, begin: u64, most: u64) -> Outcome {
        let Some(from) = self.found(from) else { return Outcome::Gone };
        let piece = part(&from.bytes, begin, most).to_vec();
        match (begin, self.find(to)) {
            (0, Some(_)) => return Outcome::Taken,
            (0, None) => self.put(to, &piece, 0),
            (_, Some(to)) => self.files.get_mut(&to).unwrap().bytes.extend_from_slice(&piece),
            (_, None) => return Outcome::Gone,
        }
        Outcome::Copied(piece.len() as u64)
    }
}

/// What is below `other` lies on another storage than all else.
fn device(key: &str) -> bool {
    key.contains("/other/") && !key.starts_with("T/")
}

fn part(bytes: &[u8], from: u64, most: u64) -> &[u8] {
    let from = (from as usize).min(bytes.len());
    &bytes[from..(from + most as usize).min(bytes.len())]
}

fn key(run: &str, place: &Place) -> String {
    match place {
        Place::Given(folder, path) => format!("{folder}/{path}"),
        Place::Kept(path) => format!("{run}/{path}"),
        Place::Part => format!("{run}/{PART}"),
        Place::Beside(folder, path, name) => {
            let path = path.renamed(name.as_bytes()).unwrap();
            format!("{folder}/{path}")
        }
    }
}
