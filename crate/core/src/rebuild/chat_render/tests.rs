use super::*;
use crate::model::{Edit, Kind, MediaKind, MediumId};
use crate::plan::sample::Sample;
use crate::settings::Settings;

fn page(sample: &Sample, settings: &Settings, number: usize) -> String {
    let plan = sample.plan(settings);
    let outline = Outline::new(&sample.export, settings, "index.html");
    chat_page(&sample.export, &plan, &outline, number)
}

#[test]
fn hostile_texts_and_names_are_data() {
    let mut sample = Sample::default();
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>";
    let item = sample.exported(&format!("{evil}.jpg"), Kind::Jpeg, Ok(vec![]));
    sample.medium(evil, MediaKind::Document, Some(item), None);
    sample.medium(evil, MediaKind::Image, None, None);
    sample.say(evil, evil);
    sample.say("B", "x");
    let location = sample.say("B", "x") as usize;
    let chat = sample.export.chat.as_mut().unwrap();
    chat.title = evil.to_owned();
    chat.messages[location].kind = MessageKind::Location { url: "javascript:alert(3)".into() };
    let html = page(&sample, &Settings::default(), 0);
    assert!(!html.contains("<script>") && !html.contains("<img src=x"), "{html}");
    assert!(!html.contains("href=\"javascript"), "{html}");
    let outline = Outline::new(&sample.export, &Settings::default(), "index.html");
    assert!(!search_index(&sample.export, &outline, 0).contains('<'));
}

#[test]
fn pages_hold_a_thousand_messages_and_lead_to_each_other() {
    let mut sample = Sample::default();
    for number in 0..2001 {
        sample.say(if number % 2 == 0 { "A" } else { "B" }, &format!("number {number}"));
    }
    let settings = Settings::default();
    let second = page(&sample, &settings, 1);
    assert!(second.contains("id=\"m1000\"") && second.contains("id=\"m1999\""));
    assert!(!second.contains("id=\"m999\"") && !second.contains("id=\"m2000\""));
    assert!(second.contains("href=\"index.html\">← Earlier"));
    assert!(second.contains("href=\"messages-3.html\">Later"));
    assert_eq!(page(&sample, &settings, 2).matches("<article").count(), 1);
}

#[test]
fn the_users_own_bubbles_stand_right() {
    let mut sample = Sample::default();
    sample.say("A", "one");
    sample.say("B", "two");
    sample.say("C", "three");
    let settings = Settings { me: Some("A".into()), ..Settings::default() };
    assert!(
        page(&sample, &settings, 0).contains("class=\"m out c0 first\" id=\"m0\" data-s=\"0\"")
    );
    assert_eq!(page(&sample, &Settings::default(), 0).matches("class=\"m out").count(), 0);
}

#[test]
fn a_poll_without_votes_divides_by_nothing() {
    let mut sample = Sample::default();
    let at = sample.say("A", "") as usize;
    let options = vec![("<b>".to_owned(), Some(0)), ("y".to_owned(), None)];
    sample.export.chat.as_mut().unwrap().messages[at].kind =
        MessageKind::Poll { question: "q".into(), options };
    let html = page(&sample, &Settings::default(), 0);
    assert!(html.contains("&lt;b&gt;") && html.contains("width=\"0%\""));
}

#[test]
fn a_page_ends_before_it_grows_heavy() {
    let mut sample = Sample::default();
    for number in 0..30 {
        // Each quote becomes six bytes.
        sample.say("A", &format!("{number}{}", "\"".repeat(20_000)));
    }
    let settings = Settings::default();
    let outline = Outline::new(&sample.export, &settings, "index.html");
    assert!(outline.pages() > 1);
    for number in 0..outline.pages() {
        let size = page(&sample, &settings, number).len();
        assert!(size < 1_300_000, "page {number}: {size}");
    }
    let last = u32::try_from(outline.page_range(1).start).unwrap();
    assert_eq!(outline.message_link(last), format!("messages-2.html#m{last}"));
    assert_eq!(outline.message_link(last - 1), format!("index.html#m{}", last - 1));
}

#[test]
fn documents_and_contacts_go_by_their_own_names() {
    let mut sample = Sample::default();
    for (name, kind) in
        [("00000011-List.pdf", MediaKind::Document), ("00000012-Ruth.vcf", MediaKind::Contact)]
    {
        let item = sample.exported(name, Kind::Pdf, Ok(vec![]));
        sample.medium(name, kind, Some(item), None);
    }
    let html = page(&sample, &Settings::default(), 0);
    assert!(html.contains(">List.pdf</span>") && html.contains(">Ruth</span>"), "{html}");
}

#[test]
fn a_video_that_was_cut_goes_on_showing_what_was_sent() {
    let mut sample = Sample::default();
    let item = sample.exported("clip.mp4", Kind::Video, Ok(vec![]));
    let original = sample.original("long.mov", Kind::Video, Ok(vec![]));
    sample.medium("clip.mp4", MediaKind::Video, Some(item), Some(original));
    let shown = |sample: &Sample| {
        let plan = sample.plan(&Settings::default());
        let html = media::render(&sample.export, &plan, MediumId(0));
        let source = |part: &str| part.split('"').next().unwrap_or_default().to_owned();
        let sources: Vec<String> = html.split("<source src=\"").skip(1).map(source).collect();
        (sources, html)
    };
    let (whole, html) = shown(&sample);
    assert_eq!(whole.len(), 2, "{html}");
    sample.pairings[0].edits = Edit::Trim.into();
    let (cut, html) = shown(&sample);
    assert_eq!(cut, whole[1..], "{html}");
    assert!(html.contains("uncut original") && html.contains("_long.mov"), "{html}");
}
