//! Catalogues of one file, taken over whole, cut off and after everything else
//! that may have happened.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use heirloom_core::memory::{Key, Memory, Note};
use redb::StorageBackend;

use super::{begin, copy};
use crate::tests::{ANSWERS, FILES, MARKS, SHELVES, SUMS, known};
use crate::{Catalogue, Part, Refused, Run, Volume};

/// A storage that stops at some moment, as if the program had been killed.
#[derive(Debug, Clone)]
struct Mortal {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Changes that still come through; both databases share it.
    left: Arc<AtomicUsize>,
}

impl Mortal {
    fn change(&self, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let left =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map_err(|_| io::Error::other("killed"))?;
        change(&mut self.bytes.lock().unwrap());
        Ok(())
    }
}

impl StorageBackend for Mortal {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.lock().unwrap().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.bytes.lock().unwrap()[at..at + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(|bytes| bytes.resize(usize::try_from(len).unwrap(), 0))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.change(|_| ())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        self.change(|bytes| bytes[at..at + data.len()].copy_from_slice(data))
    }
}

/// Both databases of one user.
struct Home {
    cache: Arc<Mutex<Vec<u8>>>,
    forever: Arc<Mutex<Vec<u8>>>,
}

impl Home {
    /// After an older program, which had one file for everything.
    fn of_before() -> Self {
        let (cache, forever) = (Arc::default(), Arc::default());
        let home = Self { cache, forever };
        home.older_program(1);
        home
    }

    /// An older program runs and decides on 40 files, each time anew.
    fn older_program(&self, turn: u8) {
        let storage = Mortal { bytes: self.cache.clone(), left: Arc::new(usize::MAX.into()) };
        let database = redb::Builder::new().create_with_backend(storage).unwrap();
        let transaction = database.begin_write().unwrap();
        for (name, version) in [("catalogue", 1), ("files", 4), ("sums", 1), ("answers", 1)] {
            transaction.open_table(super::VERSIONS).unwrap().insert(name, version).unwrap();
        }
        let table = |name| transaction.open_table(super::Notes::new(name)).unwrap();
        for name in 0..40 {
            table("answers").insert([name; 20].as_slice(), [turn, name].as_slice()).unwrap();
            table("sums").insert([name; 20].as_slice(), [].as_slice()).unwrap();
            table("sums").insert([name, 1].as_slice(), [name].as_slice()).unwrap();
            table("files").insert([name; 20].as_slice(), [name; 300].as_slice()).unwrap();
        }
        let run = serde_json::to_string(&run(turn.into())).unwrap();
        transaction.open_table(crate::runs::OF_BEFORE).unwrap().insert(0, run.as_str()).unwrap();
        transaction.commit().unwrap();
    }

    fn volume(&self, part: Part, left: &Arc<AtomicUsize>) -> Result<Volume, Refused> {
        let bytes = match part {
            Part::Cache => self.cache.clone(),
            Part::Forever => self.forever.clone(),
        };
        Volume::over(part, Mortal { bytes, left: left.clone() }, SHELVES)
    }

    /// Opens both, and is killed after so many changes; whether it came to an end.
    fn opened_and_killed(&self, after: usize) -> bool {
        let left = Arc::new(AtomicUsize::new(after));
        let (cache, forever) = (self.volume(Part::Cache, &left), self.volume(Part::Forever, &left));
        drop(Catalogue::of(cache.ok(), forever.ok()));
        left.load(Ordering::SeqCst) > 0
    }

    fn open(&self) -> Catalogue {
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let part = |part| Some(self.volume(part, &left).unwrap());
        Catalogue::of(part(Part::Cache), part(Part::Forever))
    }
}

fn run(when: i64) -> Run {
    Run { when, chat: "Nora".into(), bundle: None, exported: 2, matched: 1 }
}

/// Everything of the older program is there, decided in this turn.
#[track_caller]
fn check_whole(catalogue: &Catalogue, turn: u8, what: &str) {
    for name in 0..40 {
        assert_eq!(known(catalogue, &ANSWERS, name), Some(vec![turn, name]), "{what}: {name}");
        assert_eq!(known(catalogue, &MARKS, name), Some(Vec::new()), "{what}: {name}");
        assert_eq!(known(catalogue, &FILES, name), Some(vec![name; 300]), "{what}: {name}");
        let sum = Key::of(&[name, 1]).unwrap();
        assert_eq!(catalogue.recall(&SUMS, &[sum]), [Some(vec![name])], "{what}: {name}");
    }
    let counts = [&ANSWERS, &MARKS, &FILES, &SUMS].map(|shelf| catalogue.count(shelf).unwrap());
    assert_eq!(counts, [40; 4], "{what}");
    let parts = [Part::Cache, Part::Forever].map(|part| catalogue.trouble(part));
    assert_eq!(parts, [None, None], "{what}");
}

#[test]
fn a_catalogue_of_one_file_is_taken_over_whole() {
    let home = Home::of_before();
    check_whole(&home.open(), 1, "the first time");
    check_whole(&home.open(), 1, "the second time");
    assert_eq!(home.open().runs(), Ok(vec![run(1)]));
}

#[test]
fn decisions_taken_over_survive_a_kill_at_any_moment() {
    let mut after = 0;
    loop {
        let home = Home::of_before();
        let whole = home.opened_and_killed(after);
        // Once more, at another moment.
        home.opened_and_killed(after / 2);
        let catalogue = home.open();
        check_whole(&catalogue, 1, &format!("killed after {after} changes"));
        assert_eq!(catalogue.runs(), Ok(vec![run(1)]), "killed after {after} changes");
        if whole {
            break;
        }
        after += 1;
    }
    assert!(after > 20, "only {after} changes were made");
}

#[test]
fn what_was_decided_since_is_not_undone_by_what_arrived_before() {
    let home = Home::of_before();
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let (cache, forever) = (home.volume(Part::Cache, &left), home.volume(Part::Forever, &left));
    let (cache, forever) = (cache.unwrap(), forever.unwrap());
    // Killed before the cache let go, and then a run without the cache.
    let number = begin(&cache, &forever).unwrap();
    copy(&cache, &forever, number).unwrap();
    let mut alone = Catalogue::of(None, Some(forever));
    let note = |name, value| Note { shelf: &ANSWERS, key: [name; 20].into(), value };
    alone.note(vec![note(3, None), note(4, Some(b"new".to_vec()))]);
    drop((alone, cache));
    let catalogue = home.open();
    assert_eq!(known(&catalogue, &ANSWERS, 3), None);
    assert_eq!(known(&catalogue, &ANSWERS, 4).as_deref(), Some(&b"new"[..]));
    assert_eq!(known(&catalogue, &ANSWERS, 5), Some(vec![1, 5]));
    assert_eq!(catalogue.runs(), Ok(vec![run(1)]));
}

#[test]
fn what_an_older_program_decides_later_is_taken_over_as_well() {
    let home = Home::of_before();
    drop(home.open());
    home.older_program(2);
    let catalogue = home.open();
    check_whole(&catalogue, 2, "after the older program ran again");
    assert_eq!(catalogue.runs(), Ok(vec![run(1), run(2)]));
}

#[test]
fn a_raised_version_of_the_cache_leaves_what_is_still_to_be_taken_over() {
    let home = Home::of_before();
    let storage = Mortal { bytes: home.cache.clone(), left: Arc::new(usize::MAX.into()) };
    let database = redb::Builder::new().create_with_backend(storage).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(super::VERSIONS).unwrap().insert("sums", 0).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let catalogue = home.open();
    assert_eq!((catalogue.count(&SUMS), catalogue.count(&MARKS)), (Ok(0), Ok(40)));
}

#[test]
fn a_cache_is_not_forgotten_while_decisions_lie_in_it() {
    let home = Home::of_before();
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let alone = Catalogue::of(home.volume(Part::Cache, &left).ok(), None);
    assert!(alone.forget_cache().unwrap_err().contains("decisions"));
    drop(alone);
    let catalogue = home.open();
    catalogue.forget_cache().unwrap();
    assert_eq!((catalogue.count(&FILES), catalogue.count(&ANSWERS)), (Ok(0), Ok(40)));
}
