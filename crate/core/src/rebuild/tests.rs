use super::*;
use crate::error::Problem;
use crate::matching::Decision;
use crate::model::{Kind, MediaKind, MediumId, Side};
use crate::plan::sample::{Sample, Shelf};
use crate::plan::{self, Answers};

/// Rebuilds everything; also returns the plan as carried out, and the issues.
fn rebuilt(sample: &Sample) -> (Shelf, Plan, Vec<Issue>) {
    let settings = Settings::default();
    let inputs =
        Inputs { inventory: &sample.inventory, files: &sample.memory, settings: &settings };
    let plan = plan::plan(
        &sample.inventory,
        &sample.features,
        &sample.pairings,
        &Answers::new(),
        &settings,
    );
    let mut rebuilder = Rebuilder::new(&inputs, plan);
    let (mut shelf, mut issues) = (Shelf::default(), Vec::new());
    let mut batches = 0;
    while !rebuilder.advance(&inputs, &mut shelf, &mut issues).unwrap().finished {
        batches += 1;
        assert!(batches < 1000);
    }
    (shelf, rebuilder.into_plan(), issues)
}

#[test]
fn an_original_of_several_messages_is_written_once() {
    let mut sample = Sample::default();
    let original = sample.item(Side::Originals, "a.jpg", Kind::Jpeg, Ok(vec![9; 9_000_000]));
    for name in ["1.jpg", "2.jpg"] {
        let item = sample.item(Side::Export, name, Kind::Jpeg, Ok(vec![1]));
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
        let original = sample.item(Side::Originals, "a.jpg", Kind::Jpeg, Err(at));
        let item = sample.item(Side::Export, "1.jpg", Kind::Jpeg, Ok(vec![1, 2]));
        sample.medium("1.jpg", MediaKind::Image, Some(item), Some(original));
        let (shelf, plan, issues) = rebuilt(&sample);
        assert_eq!(plan.actions[0], Action::Keep { path: "media/1.jpg".into() });
        assert_eq!(plan.pairings[0].decision, Decision::Unreadable);
        assert_eq!(shelf.files["media/1.jpg"], [1, 2]);
        assert!(!shelf.files.keys().any(|path| path.starts_with("original_media/")));
        assert_eq!(issues[0].path, "a.jpg");
        assert!(matches!(&issues[0].problem, Problem::Unreadable(why) if why.contains("card")));
    }
}

#[test]
fn a_view_that_cannot_be_made_leaves_the_exported_file_in_the_chat() {
    let mut sample = Sample::default();
    let original = sample.item(Side::Originals, "a.heic", Kind::Heic, Ok(b"no picture".to_vec()));
    let item = sample.item(Side::Export, "1.jpg", Kind::Jpeg, Ok(vec![1]));
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
    let item = sample.item(Side::Export, "1.jpg", Kind::Jpeg, Err(0));
    sample.medium("1.jpg", MediaKind::Image, Some(item), None);
    let (shelf, plan, issues) = rebuilt(&sample);
    assert_eq!(plan.actions[0], Action::Absent);
    assert!(shelf.text("index.html").contains("Photo is not in the export"));
    assert_eq!(issues.len(), 1);
}

#[test]
fn a_given_page_alone_is_rewritten_and_index_leads_to_it() {
    let mut sample = Sample::default();
    let photo = sample.item(Side::Export, "out/media/a b.jpg", Kind::Jpeg, Ok(vec![1]));
    let original = sample.item(Side::Originals, "DCIM/b.jpg", Kind::Jpeg, Ok(vec![2]));
    let html = b"<p>media/a b.jpg<img src='media/a%20b.jpg'>".to_vec();
    let page = sample.item(Side::Export, "out/chat.htm", Kind::Html, Ok(html));
    let style = sample.item(Side::Export, "out/style.css", Kind::Text, Ok(b"p{}".to_vec()));
    sample.medium("a b.jpg", MediaKind::Image, Some(photo), Some(original));
    sample.inventory.chat = None;
    sample.inventory.pages.push(collect_page(page));
    let (shelf, plan, _) = rebuilt(&sample);
    assert_eq!(plan.others, [(style, "out/style.css".to_owned())]);
    let Action::Replace { path, .. } = &plan.actions[0] else { panic!() };
    assert_eq!(shelf.text("out/chat.htm"), format!("<p>media/a b.jpg<img src='../{path}'>"));
    assert!(shelf.text("index.html").contains("href=\"out/chat.htm\""));
}

fn collect_page(item: ItemId) -> crate::collect::HtmlPage {
    crate::collect::HtmlPage { item, media: vec![MediumId(0)] }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let mut sample = Sample::default();
    let item = sample.item(Side::Export, "1.jpg", Kind::Jpeg, Ok(vec![1]));
    sample.medium("1.jpg", MediaKind::Image, Some(item), None);
    assert_eq!(rebuilt(&sample).0.files, rebuilt(&sample).0.files);
}
