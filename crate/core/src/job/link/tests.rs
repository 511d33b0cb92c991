use std::io;

use super::*;
use crate::io::{Files, ReadAt};
use crate::matching::Decision;
use crate::model::{Entry, FileId, Item, MediumId};
use crate::plan::Answer;
use crate::plan::names::LIST;
use crate::plan::sample::Shelf;
use crate::progress::Advance;
use crate::rebuild::listing::Sum;
use crate::report;
use crate::settings::Settings;

/// Files in memory, one of which the host keeps closed.
struct Kept(Vec<(&'static str, Vec<u8>)>);

impl Files for Kept {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0[file.0 as usize].1.clone()))
    }

    fn admit(&self, item: &Item) -> io::Result<()> {
        match item.path.as_str() {
            "deadly.png" => Err(io::Error::other("it stays closed")),
            _ => Ok(()),
        }
    }
}

fn decided() -> Job<Kept> {
    let chat = b"22/12/2024, 20:36 - Bob: IMG-20241222-WA0001.jpg (file attached)\n\
        23/12/2024, 20:37 - Ann: IMG-20241222-WA0002.jpg (file attached)\n";
    let picture = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
    let files = vec![
        ("WhatsApp Chat with Bob.txt", chat.to_vec()),
        ("IMG-20241222-WA0001.jpg", picture.to_vec()),
        ("IMG-20241222-WA0002.jpg", picture.to_vec()),
        ("deadly.png", picture.to_vec()),
        ("good.jpg", picture.to_vec()),
    ];
    let entry = |(index, (path, bytes)): (u32, &(&str, Vec<u8>))| Entry {
        file: FileId(index),
        path: (*path).to_owned(),
        size: bytes.len() as u64,
        modified: None,
    };
    let mut export: Vec<Entry> = (0..).zip(&files).map(entry).collect();
    let originals = export.split_off(3);
    let mut job = Job::new(Settings::default(), Sides { export, originals }, Kept(files));
    while let Advance::Working(_) = job.advance().expect("a chat") {}
    job
}

#[test]
fn a_file_that_stays_closed_is_said_once_and_stops_nothing() {
    let job = decided();
    let told: Vec<_> = job.issues().into_iter().filter(|one| one.path == "deadly.png").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].problem.to_string().contains("it stays closed"));
}

#[test]
fn one_answer_tells_the_same_as_the_whole_plan() {
    let mut job = decided();
    let picked = job.library().items.iter().find(|item| item.path == "good.jpg").unwrap().id;
    job.answer(MediumId(0), Some(Answer::Pick(picked)));
    job.answer(MediumId(1), Some(Answer::Reject));
    let plan = job.plan();
    for (index, pairing) in (0..).zip(&plan.pairings) {
        assert_eq!(*job.pairing(MediumId(index)).unwrap(), *pairing);
    }
    assert_eq!(plan.pairings[0].decision, Decision::Matched);
    assert_eq!(job.counts(), job.report().counts);
    assert_eq!(job.counts().images.matched, 1);
    assert!(job.pairing(MediumId(2)).is_none());
}

#[test]
fn a_bundle_lists_every_file_with_its_size_and_hash() {
    let mut job = decided();
    for _ in 0..2 {
        let mut shelf = Shelf::default();
        while let Advance::Working(_) = job.rebuild(&mut shelf).unwrap() {}
        let listed = report::files::read(&shelf.text(LIST)).unwrap();
        shelf.files.remove(LIST);
        assert_eq!(listed.len(), shelf.files.len());
        for file in listed {
            let mut sum = Sum::default();
            sum.take(&shelf.files[&file.path]);
            assert_eq!((file.size, file.hash), sum.done(), "{}", file.path);
        }
        // The next bundle is listed anew.
        job.reopen();
    }
}
