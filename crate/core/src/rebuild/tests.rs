use std::rc::Rc;

use super::*;
use crate::error::Problem;
use crate::io::Link;
use crate::matching::Decision;
use crate::model::{Edit, ItemId, Kind, MediaKind, MediumId, Packing, Source};
use crate::plan::sample::{InMemory, Sample, Shelf};
use crate::settings::Settings;

fn inputs<'a>(sample: &'a Sample, files: &'a InMemory, settings: &'a Settings) -> Inputs<'a> {
    Inputs { library: &sample.library, export: &sample.export, files, settings }
}

/// Rebuilds everything; also returns the plan as carried out, and the issues.
fn rebuilt(sample: &Sample) -> (Shelf, Plan, Vec<Issue>) {
    let (shelf, plan, _, issues) = rebuilt_into(Shelf::default(), sample);
    (shelf, plan, issues)
}

/// As [`rebuilt`], with the list of what was written, which must be what is there.
fn rebuilt_into(mut shelf: Shelf, sample: &Sample) -> (Shelf, Plan, Listing, Vec<Issue>) {
    let settings = Settings::default();
    let inputs = inputs(sample, &sample.memory, &settings);
    let plan = sample.plan(&settings);
    let mut rebuilder = Rebuilder::new(&inputs, plan);
    let mut issues = Vec::new();
    let mut batches = 0;
    while !rebuilder.advance(&inputs, &mut shelf, &mut issues).unwrap().finished {
        batches += 1;
        assert!(batches < 1000);
    }
    let (plan, listing) = rebuilder.into_done();
    let listed: BTreeSet<&String> = listing.files().iter().map(|file| &file.path).collect();
    assert_eq!(listed, shelf.files.keys().collect());
    (shelf, plan, listing, issues)
}

#[test]
fn an_original_of_several_messages_is_written_once() {
    let mut sample = Sample::default();
    let names = ["1.jpg", "2.jpg"];
    let items = names.map(|name| sample.exported(name, Kind::Jpeg, Ok(vec![1])));
    let original = sample.original("a.jpg", Kind::Jpeg, Ok(vec![9; 9_000_000]));
    for (name, item) in names.into_iter().zip(items) {
        sample.medium(name, MediaKind::Image, Some(item), Some(original));
    }
    let (shelf, _, issues) = rebuilt(&sample);
    let media: Vec<&String> = shelf.files.keys().filter(|path| path.contains("media/")).collect();
    assert_eq!(media.len(), 1, "{media:?}");
    assert_eq!(shelf.files[media[0]], vec![9; 9_000_000]);
    assert!(issues.is_empty());
    assert!(shelf.text("index.html").contains(media[0].as_str()));
}

#[test]
fn an_original_that_fails_in_the_middle_leaves_the_exported_file() {
    for at in [0, 5_000_000] {
        let mut sample = Sample::default();
        let item = sample.exported("1.jpg", Kind::Jpeg, Ok(vec![1, 2]));
        let original = sample.original("a.jpg", Kind::Jpeg, Err(at));
        sample.medium("1.jpg", MediaKind::Image, Some(item), Some(original));
        let (shelf, plan, issues) = rebuilt(&sample);
        assert_eq!(plan.actions[0], Action::Keep { path: "media/1.jpg".into() });
        assert_eq!(plan.pairings[0].decision, Decision::Unreadable);
        assert_eq!(shelf.files["media/1.jpg"], [1, 2]);
        assert!(!shelf.files.keys().any(|path| path.starts_with("original_media/")));
        assert_eq!(issues[0].path, "a.jpg");
        assert!(
            matches!(&issues[0].problem, Problem::Unreadable(why) if why.to_string().contains("card"))
        );
    }
}

#[test]
fn a_view_that_cannot_be_made_leaves_the_exported_file_in_the_chat() {
    let mut sample = Sample::default();
    let item = sample.exported("1.jpg", Kind::Jpeg, Ok(vec![1]));
    let original = sample.original("a.heic", Kind::Heic, Ok(b"no picture".to_vec()));
    sample.medium("1.jpg", MediaKind::Image, Some(item), Some(original));
    let (shelf, plan, issues) = rebuilt(&sample);
    let Action::Replace { path, view, exported, .. } = &plan.actions[0] else { panic!() };
    assert_eq!((view.as_deref(), exported.as_deref()), (None, Some("media/1.jpg")));
    assert!(shelf.files.contains_key(path) && shelf.files.contains_key("media/1.jpg"));
    assert!(shelf.text("index.html").contains("<img src=\"media/1.jpg\""));
    assert_eq!(issues.len(), 1);
}

#[test]
fn an_exported_file_that_cannot_be_read_is_shown_as_missing() {
    let mut sample = Sample::default();
    let item = sample.exported("1.jpg", Kind::Jpeg, Err(0));
    sample.medium("1.jpg", MediaKind::Image, Some(item), None);
    let (shelf, plan, issues) = rebuilt(&sample);
    assert_eq!(plan.actions[0], Action::Absent);
    assert!(shelf.text("index.html").contains("Photo is not in the export"));
    assert_eq!(issues.len(), 1);
}

#[test]
fn a_damaged_file_of_a_zip_is_copied_and_named() {
    let mut sample = Sample::default();
    for (name, crc) in [("1.jpg", crc32fast::hash(&[1, 2])), ("2.jpg", 7)] {
        let item = sample.exported(name, Kind::Jpeg, Ok(vec![1, 2]));
        let source = &mut sample.library.items[item.0 as usize].source;
        let Source::File(file) = *source else { panic!() };
        let packing = Packing::Stored;
        *source = Source::Zipped { file, start: 0, packed: 2, packing, crc: Some(crc) };
        sample.medium(name, MediaKind::Image, Some(item), None);
    }
    let (shelf, _, issues) = rebuilt(&sample);
    assert_eq!(issues, [Issue { path: "2.jpg".into(), problem: Problem::Checksum }]);
    assert_eq!(shelf.files["media/2.jpg"], [1, 2]);
}

#[test]
fn a_stamp_of_another_calendar_is_shown_as_it_was_written() {
    let mut sample = Sample::default();
    sample.say("Ann", "hi");
    let chat = sample.export.chat.as_mut().unwrap();
    chat.messages[0].written = Some("۱۴۰۳/۱/۱۵ <b>".into());
    let (shelf, ..) = rebuilt(&sample);
    assert!(shelf.text("index.html").contains("<span dir=\"auto\">۱۴۰۳/۱/۱۵ &lt;b&gt;</span>"));
}

#[test]
fn a_given_page_alone_is_rewritten_and_index_leads_to_it() {
    let mut sample = Sample::default();
    let photo = sample.exported("out/media/a b.jpg", Kind::Jpeg, Ok(vec![1]));
    let html = b"<p>media/a b.jpg<img src='media/a%20b.jpg'>".to_vec();
    let page = sample.exported("out/chat.htm", Kind::Html, Ok(html));
    let style = sample.exported("out/style.css", Kind::Text, Ok(b"p{}".to_vec()));
    let original = sample.original("DCIM/b.jpg", Kind::Jpeg, Ok(vec![2]));
    sample.medium("a b.jpg", MediaKind::Image, Some(photo), Some(original));
    sample.export.chat = None;
    sample.export.pages.push(collect_page(page));
    let (shelf, plan, _) = rebuilt(&sample);
    let others = [(photo, "out/media/a b.jpg".to_owned()), (style, "out/style.css".to_owned())];
    assert_eq!(plan.others, others);
    let Action::Replace { path, .. } = &plan.actions[0] else { panic!() };
    assert_eq!(shelf.text("out/chat.htm"), format!("<p>media/a b.jpg<img src='../{path}'>"));
    assert!(shelf.text("index.html").contains("href=\"out/chat.htm\""));
}

/// A page and a chat with a covered picture and the same one uncovered, or only the first.
fn covered(uncovered: bool) -> Sample {
    let mut sample = Sample::default();
    let photo = sample.exported("1.jpg", Kind::Jpeg, Ok(vec![1]));
    let other = sample.exported("2.jpg", Kind::Jpeg, Ok(vec![2]));
    let html = b"<a href=1.jpg><img src=1.jpg srcset='1.jpg 2x'></a>".to_vec();
    let page = sample.exported("page.htm", Kind::Html, Ok(html));
    let original = sample.original("DCIM/face.jpg", Kind::Jpeg, Ok(vec![9]));
    sample.medium("1.jpg", MediaKind::Image, Some(photo), Some(original));
    sample.medium("2.jpg", MediaKind::Image, Some(other), Some(original).filter(|_| uncovered));
    sample.pairings[0].edits = Edit::Cover.into();
    sample.pairings[0].also = vec![original];
    sample.export.pages.push(collect_page(page));
    sample
}

#[test]
fn nothing_of_a_bundle_leads_to_what_was_hidden() {
    let (shelf, plan, issues) = rebuilt(&covered(false));
    assert_eq!((plan.actions[0].clone(), issues.len()), (Action::Keep { path: "1.jpg".into() }, 0));
    for (path, bytes) in &shelf.files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!path.contains("face") && *bytes != [9], "{path}");
        assert!(!text.contains("face") && !text.contains("original_media"), "{path}: {text}");
    }
    assert!(shelf.text("index.html").contains("<img src=\"1.jpg\""));
    let html = shelf.text("page.htm");
    assert_eq!(html, "<a href=1.jpg><img src=1.jpg srcset='1.jpg 2x'></a>");
}

#[test]
fn another_message_that_shows_all_has_its_original() {
    let (shelf, plan, _) = rebuilt(&covered(true));
    let Action::Replace { path, .. } = &plan.actions[1] else { panic!() };
    assert_eq!(shelf.files[path], [9]);
    assert_eq!(shelf.files["1.jpg"], [1]);
    let html = shelf.text("index.html");
    let figures: Vec<&str> = html.split("<figure").skip(1).collect();
    let leads = |figure: &str| figure.contains("original_media");
    assert_eq!(figures.iter().filter(|figure| leads(figure)).count(), 1, "{html}");
    assert!(figures[0].contains("1.jpg") && !leads(figures[0]), "{html}");
    assert!(!shelf.text("page.htm").contains("original_media"));
}

#[test]
fn where_everything_went_is_listed_once_for_all_pages() {
    let mut sample = Sample::default();
    let photo = sample.exported("a.jpg", Kind::Jpeg, Ok(vec![1]));
    sample.medium("a.jpg", MediaKind::Image, Some(photo), None);
    for number in 0..3 {
        let html = Ok(b"<img src=A.jpg>".to_vec());
        let page = sample.exported(&format!("{number}.html"), Kind::Html, html);
        sample.export.pages.push(collect_page(page));
    }
    let settings = Settings::default();
    let inputs = inputs(&sample, &sample.memory, &settings);
    let plan = sample.plan(&settings);
    let mut rebuilder = Rebuilder::new(&inputs, plan);
    let (mut shelf, mut issues, mut seen) = (Shelf::default(), Vec::new(), Vec::new());
    while !rebuilder.advance(&inputs, &mut shelf, &mut issues).unwrap().finished {
        seen.extend(rebuilder.places.clone());
    }
    assert!(seen.len() >= 3 && seen.iter().all(|places| Rc::ptr_eq(places, &seen[0])));
    assert_eq!(shelf.text("2.html"), "<img src=a.jpg>");
}

fn collect_page(item: ItemId) -> crate::collect::HtmlPage {
    let media = vec![MediumId(0)];
    crate::collect::HtmlPage { item, media, inside: 0, outside: Default::default() }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let mut sample = Sample::default();
    let item = sample.exported("1.jpg", Kind::Jpeg, Ok(vec![1]));
    sample.medium("1.jpg", MediaKind::Image, Some(item), None);
    assert_eq!(rebuilt(&sample).0.files, rebuilt(&sample).0.files);
}

#[test]
fn a_linked_original_is_read_for_the_list_and_given_up_if_it_fails() {
    for link in [Link::Hard, Link::Symbolic] {
        let mut sample = Sample::default();
        let names = ["1.jpg", "2.jpg"];
        let items = names.map(|name| sample.exported(name, Kind::Jpeg, Ok(vec![1, 2])));
        let good = sample.original("a.jpg", Kind::Jpeg, Ok(vec![9; 9_000_000]));
        let bad = sample.original("b.jpg", Kind::Jpeg, Err(5_000_000));
        for ((name, item), original) in names.into_iter().zip(items).zip([good, bad]) {
            sample.medium(name, MediaKind::Image, Some(item), Some(original));
        }
        let (shelf, plan, listing, issues) = rebuilt_into(Shelf::linking(link), &sample);
        assert_eq!(plan.actions[1], Action::Keep { path: "media/2.jpg".into() });
        assert_eq!((issues.len(), issues[0].path.as_str()), (1, "b.jpg"));
        let Action::Replace { path, .. } = &plan.actions[0] else { panic!() };
        assert!(shelf.files[path].is_empty(), "a link passes no bytes");
        let file = listing.files().iter().find(|file| file.path == *path).unwrap();
        let mut sum = listing::Sum::default();
        sum.take(&[9; 9_000_000]);
        assert_eq!((file.size, file.hash), sum.done());
        assert_eq!(file.symbolic, link == Link::Symbolic);
    }
}

#[test]
fn a_given_page_that_fails_in_the_middle_is_one_issue() {
    for (bytes, missing) in [(Err(3_000_000), 0), (Ok(vec![b'a'; 3_000_000]), 7)] {
        let mut sample = Sample::default();
        let page = sample.exported("out/chat.htm", Kind::Html, bytes);
        sample.say("Anna", "hello");
        sample.export.pages.push(crate::collect::HtmlPage {
            item: page,
            media: Vec::new(),
            inside: 0,
            outside: crate::collect::chat_html::Outside::default(),
        });
        sample.memory.missing = missing;
        let (shelf, _, issues) = rebuilt(&sample);
        assert!(!shelf.files.contains_key("out/chat.htm"));
        assert!(shelf.text("index.html").contains("hello"));
        assert_eq!((issues.len(), issues[0].path.as_str()), (1, "out/chat.htm"), "{missing}");
    }
}

#[test]
fn an_original_that_changes_while_it_is_copied_is_given_up() {
    let mut sample = Sample::default();
    let item = sample.exported("1.jpg", Kind::Jpeg, Ok(vec![1]));
    let original = sample.original("a.jpg", Kind::Jpeg, Ok(vec![9; 9_000_000]));
    sample.medium("1.jpg", MediaKind::Image, Some(item), Some(original));
    let settings = Settings::default();
    let plan = sample.plan(&settings);
    let whole = inputs(&sample, &sample.memory, &settings);
    let mut rebuilder = Rebuilder::new(&whole, plan);
    let (mut shelf, mut issues) = (Shelf::default(), Vec::new());
    rebuilder.advance(&whole, &mut shelf, &mut issues).unwrap();
    // Half is copied; then somebody cuts the file short.
    let mut files = sample.memory.files.clone();
    files[original.0 as usize] = Ok(vec![8; 1_000_000]);
    let shorter = InMemory { files, missing: 0 };
    let inputs = inputs(&sample, &shorter, &settings);
    while !rebuilder.advance(&inputs, &mut shelf, &mut issues).unwrap().finished {}
    assert_eq!(shelf.files["media/1.jpg"], [1]);
    assert!(!shelf.files.keys().any(|path| path.starts_with("original_media/")));
    assert!(issues[0].problem.to_string().contains("was changed while"));
}
