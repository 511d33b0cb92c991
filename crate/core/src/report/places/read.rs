//! GROUPS as it comes back, edited by hand or by a program: every problem of it is told, in
//! a sentence, and nothing of it is believed before all of it is right.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{VERSION, values};
use crate::model::{Field, How};
use crate::plan::places::{Change, Clock, Conflict, FileIssue, Group, Groups, Sign, Status};
use crate::relpath::RelPath;

/// Most bytes of a document: some 500 for each file with a change, so that half a million
/// fit. Chosen, not measured.
pub const MOST_BYTES: u64 = 256 << 20;
/// Most problems that are told. Chosen, not measured.
pub const MOST_PROBLEMS: usize = 100;
/// Most characters of a text that is told or kept.
const MOST_CHARS: usize = 400;

/// Reads GROUPS.
///
/// # Errors
/// Every problem as a sentence, [`MOST_PROBLEMS`] at most.
pub fn read(text: &[u8]) -> Result<Groups, Vec<String>> {
    if text.len() as u64 > MOST_BYTES {
        return Err(vec![format!("it has {} bytes; the limit is {MOST_BYTES}", text.len())]);
    }
    // Windows' editors begin a text with these three bytes.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let document: Json = serde_json::from_slice(text).map_err(|error| {
        vec![format!("it is no document of `heirloom places --json`, or not all of it: {error}")]
    })?;
    let mut reading = Reading { problems: Vec::new(), more: 0 };
    let groups = reading.document(&document);
    if reading.problems.is_empty() {
        return Ok(groups);
    }
    if reading.more > 0 {
        reading.problems.push(format!("there are {} problems more", reading.more));
    }
    Err(reading.problems)
}

struct Reading {
    problems: Vec<String>,
    more: usize,
}

impl Reading {
    fn say(&mut self, place: &str, problem: &str) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(format!("{place}: {problem}"));
        } else {
            self.more += 1;
        }
    }

    fn document(&mut self, document: &Json) -> Groups {
        match document.get("version").and_then(Json::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => {
                let text = format!("it is {version}, and this program reads {VERSION}");
                self.say("version", &text);
                return Groups::default();
            }
            None => {
                self.say("version", "it is missing");
                return Groups::default();
            }
        }
        let groups = self.objects(document, "groups", "");
        let groups: Vec<Group> = groups.iter().map(|(at, of)| self.group(at, of)).collect();
        let clocks = self.objects(document, "clocks", "");
        let clocks = clocks.iter().map(|(at, of)| self.clock(at, of)).collect();
        let issues = self.objects(document, "issues", "");
        let issues = issues.iter().map(|(at, of)| self.issue(at, of)).collect();
        self.once(&groups);
        Groups {
            folders: self.texts(document, "folders", ""),
            hashes: self.hashes(document),
            clocks,
            groups,
            issues,
        }
    }

    /// Each field of a file has one value that is on.
    fn once(&mut self, groups: &[Group]) {
        let mut seen = BTreeSet::new();
        let changes = groups.iter().flat_map(|group| &group.changes);
        for change in changes.filter(|change| change.on && change.sign != Sign::Equal) {
            if !seen.insert((change.file.as_str(), change.field)) {
                let text = format!("its {} has two changes that are on", change.field.name());
                self.say(&shown(&change.file), &text);
            }
        }
    }

    fn hashes(&mut self, document: &Json) -> BTreeMap<String, [u8; 32]> {
        let mut hashes = BTreeMap::new();
        let empty = Map::new();
        let given = match document.get("hashes") {
            None | Some(Json::Null) => &empty,
            Some(Json::Object(given)) => given,
            Some(_) => {
                self.say("hashes", "it must be an object of file and BLAKE3");
                &empty
            }
        };
        for (file, hash) in given {
            let place = format!("hashes, {}", shown(file));
            let hash = hash.as_str().and_then(|hex| blake3::Hash::from_hex(hex).ok());
            match hash {
                Some(hash) => drop(hashes.insert(file.clone(), *hash.as_bytes())),
                None => self.say(&place, "it must be a BLAKE3 of 64 hexadecimal digits"),
            }
            self.path(&place, file);
        }
        hashes
    }

    fn clock(&mut self, place: &str, of: &Json) -> Clock {
        let number = |key: &str| of.get(key).and_then(Json::as_f64).unwrap_or(0.0);
        let whole = |key: &str| of.get(key).and_then(Json::as_u64).unwrap_or(0);
        Clock {
            camera: self.text(of, "camera", place),
            serial: of.get("serial").and_then(Json::as_str).map(str::to_owned),
            files: whole("files"),
            offset_s: of.get("offset_s").and_then(Json::as_i64).unwrap_or(0),
            drift_s_per_day: number("drift_s_per_day"),
            evidence: whole("evidence"),
            locked: self.flag(of, "locked", place),
        }
    }

    fn issue(&mut self, place: &str, of: &Json) -> FileIssue {
        FileIssue { file: self.text(of, "file", place), text: self.text(of, "text", place) }
    }

    fn group(&mut self, place: &str, of: &Json) -> Group {
        let changes = self.objects(of, "changes", place);
        let conflicts = self.objects(of, "conflicts", place);
        let group = Group {
            id: self.text(of, "id", place),
            name: of.get("name").and_then(Json::as_str).unwrap_or_default().to_owned(),
            status: self.word(of, "status", place, &Status::ALL.map(|of| (of.name(), of))),
            confidence: self.share(of, place),
            because: self.texts(of, "because", place),
            files: self.texts(of, "files", place),
            sources: self.texts(of, "sources", place),
            targets: self.texts(of, "targets", place),
            changes: changes.iter().filter_map(|(at, of)| self.change(at, of)).collect(),
            conflicts: conflicts.iter().map(|(at, of)| self.conflict(at, of)).collect(),
        };
        for file in group.files.iter().chain(&group.targets) {
            self.path(&format!("{place}, {}", shown(file)), file);
        }
        group
    }

    fn conflict(&mut self, place: &str, of: &Json) -> Conflict {
        Conflict {
            field: self.word(of, "field", place, &fields()),
            files: self.texts(of, "files", place),
            metres: of.get("metres").and_then(Json::as_f64),
        }
    }

    fn change(&mut self, place: &str, of: &Json) -> Option<Change> {
        let file = self.text(of, "file", place);
        let place = &format!("{place}, {}", shown(&file));
        self.path(place, &file);
        let before = self.problems.len() + self.more;
        let field = self.word(of, "field", place, &fields());
        let sign = self.word(of, "sign", place, &Sign::ALL.map(|of| (of.name(), of)));
        if self.problems.len() + self.more > before {
            return None;
        }
        let place = &format!("{place}, {}", field.name());
        let given = |key: &str| of.get(key).filter(|value| !value.is_null());
        let value = match given("value").map(|value| values::read(field, value)) {
            Some(Ok(value)) => Some(value),
            Some(Err(must)) => {
                self.say(place, &format!("its value must be {must}"));
                None
            }
            None if sign == Sign::Plus => {
                self.say(place, "it has no value");
                None
            }
            None => None,
        };
        Some(Change {
            // What it had is for people: the file says it itself.
            old: given("old").and_then(|old| values::read(field, old).ok()),
            file,
            field,
            sign,
            value,
            from: self.texts(of, "from", place),
            how: self.word(of, "how", place, &How::ALL.map(|of| (of.name(), of))),
            confidence: self.share(of, place),
            on: self.flag(of, "on", place),
            speed_kmh: of.get("speed_kmh").and_then(Json::as_f64),
        })
    }

    /// A path as Heirloom writes it, below a folder.
    fn path(&mut self, place: &str, file: &str) {
        if let Err(bad) = RelPath::parse(file) {
            self.say(place, &bad.to_string());
        }
    }

    fn objects<'a>(&mut self, of: &'a Json, key: &str, place: &str) -> Vec<(String, &'a Json)> {
        let at = |number: usize| match place {
            "" => format!("{key} {number}"),
            _ => format!("{place}, {key} {number}"),
        };
        let list = match of.get(key) {
            None | Some(Json::Null) => return Vec::new(),
            Some(Json::Array(list)) => list,
            Some(_) => {
                self.say(if place.is_empty() { key } else { place }, &format!("{key} is no list"));
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for (number, item) in (1..).zip(list) {
            match item {
                Json::Object(_) => found.push((at(number), item)),
                _ => self.say(&at(number), "it is no object"),
            }
        }
        found
    }

    fn text(&mut self, of: &Json, key: &str, place: &str) -> String {
        match of.get(key).and_then(Json::as_str) {
            Some(text) => text.to_owned(),
            None => {
                self.say(place, &format!("{key} must be a text"));
                String::new()
            }
        }
    }

    fn texts(&mut self, of: &Json, key: &str, place: &str) -> Vec<String> {
        let place = if place.is_empty() { key } else { place };
        let list = match of.get(key) {
            None | Some(Json::Null) => return Vec::new(),
            Some(Json::Array(list)) => list,
            Some(_) => {
                self.say(place, &format!("{key} must be a list of texts"));
                return Vec::new();
            }
        };
        let texts: Vec<String> =
            list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect();
        if texts.len() < list.len() {
            self.say(place, &format!("{key} must be a list of texts"));
        }
        texts
    }

    /// `on` and `locked` decide what is written, so nothing but true or false will do.
    fn flag(&mut self, of: &Json, key: &str, place: &str) -> bool {
        of.get(key).and_then(Json::as_bool).unwrap_or_else(|| {
            self.say(place, &format!("{key} must be true or false"));
            false
        })
    }

    fn share(&mut self, of: &Json, place: &str) -> f64 {
        let share = of.get("confidence").and_then(Json::as_f64);
        share.filter(|share| (0.0..=1.0).contains(share)).unwrap_or_else(|| {
            self.say(place, "confidence must be a number from 0 to 1");
            0.0
        })
    }

    fn word<T: Copy>(&mut self, of: &Json, key: &str, place: &str, known: &[(&str, T)]) -> T {
        let given = of.get(key).and_then(Json::as_str).unwrap_or_default();
        if let Some((_, found)) = known.iter().find(|(word, _)| *word == given) {
            return *found;
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        self.say(place, &format!("{key} must be one of {}", words.join(", ")));
        known[0].1
    }
}

fn fields() -> [(&'static str, Field); 9] {
    Field::ALL.map(|field| (field.name(), field))
}

/// A text of the document in a sentence: bounded, and without what would steer a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MOST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, Value, Written};

    fn groups() -> Groups {
        let change = |field, value, old| Change {
            file: "b.jpg".into(),
            field,
            sign: Sign::Plus,
            old,
            value: Some(value),
            from: vec!["a.jpg".into()],
            how: How::Copied,
            confidence: 0.94,
            on: true,
            speed_kmh: None,
        };
        let date = |wall| Value::Date(Written { wall, zone_minutes: Some(120) });
        let place = Value::Place(Place { lat: 46.62, lon: 14.31 });
        let group = Group {
            id: "1".into(),
            name: "lake".into(),
            confidence: 0.94,
            because: vec!["time".into()],
            files: vec!["a.jpg".into(), "b.jpg".into()],
            changes: vec![
                change(Field::Place, place, None),
                change(Field::Date, date(1_719_828_000), Some(date(1_719_824_400))),
            ],
            conflicts: vec![Conflict {
                field: Field::Place,
                files: vec!["a.jpg".into()],
                metres: Some(9.0),
            }],
            ..Group::default()
        };
        let clock =
            Clock { camera: "D5600".into(), offset_s: 3600, locked: true, ..Clock::default() };
        Groups {
            folders: vec!["/photos".into()],
            hashes: [("b.jpg".to_owned(), [7; 32])].into(),
            clocks: vec![clock],
            groups: vec![group],
            issues: vec![FileIssue { file: "c.jpg".into(), text: "It is empty.".into() }],
        }
    }

    #[test]
    fn what_is_written_comes_back() {
        let groups = groups();
        assert_eq!(read(super::super::json(&groups).as_bytes()), Ok(groups));
    }

    #[track_caller]
    fn check(from: &str, to: &str, problem: &str) {
        let text = super::super::json(&groups());
        assert!(text.contains(from), "{from}");
        let problems = read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(problems.iter().any(|text| text.contains(problem)), "{problems:?}");
    }

    #[test]
    fn every_problem_is_a_sentence() {
        check("\"version\": 1", "\"version\": 2", "version: it is 2, and this program reads 1");
        check("\"lat\": 46.62", "\"lat\": 146.62", "b.jpg, place: its value must be lat within");
        check("\"file\": \"b.jpg\"", "\"file\": \"../b.jpg\"", "it leads out of the folder");
        check("\"field\": \"date\"", "\"field\": \"place\"", "its value must be lat within");
        check("\"field\": \"date\"", "\"field\": \"day\"", "field must be one of place, altitude");
        check("\"on\": true", "\"on\": \"yes\"", "on must be true or false");
        check("\"how\": \"copied\"", "\"how\": \"guessed\"", "how must be one of copied");
        check("0707", "zz07", "it must be a BLAKE3");
        check("2024-07-01T10:00:00+02:00", "1 July", "its value must be a date like");
        check("\"groups\": [", "\"groups\": 5, \"x\": [", "groups is no list");
    }

    #[test]
    fn two_values_of_one_field_are_refused() {
        let mut twice = groups();
        let again = twice.groups[0].changes[0].clone();
        twice.groups[0].changes.push(again);
        let problems = read(super::super::json(&twice).as_bytes()).unwrap_err();
        assert_eq!(problems, ["b.jpg: its place has two changes that are on"]);
        twice.groups[0].changes[0].on = false;
        assert!(read(super::super::json(&twice).as_bytes()).is_ok());
    }

    #[test]
    fn what_is_no_document_is_one_sentence() {
        assert_eq!(read(b"{").unwrap_err().len(), 1);
        assert_eq!(read(b"[]").unwrap_err(), ["version: it is missing"]);
        let deep = "[".repeat(100_000);
        assert_eq!(read(deep.as_bytes()).unwrap_err().len(), 1);
    }
}
