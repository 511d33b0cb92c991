use super::*;
use crate::model::{FileId, Source};

fn addresses(place: &str, paths: &[&str]) -> Addresses {
    let item = |(index, path): (u32, &&str)| Item {
        id: ItemId(index),
        path: (*path).to_owned(),
        size: 1,
        modified: None,
        source: Source::File(FileId(index)),
    };
    let items: Vec<Item> = (0..).zip(paths).map(item).collect();
    Addresses::new(&items, place)
}

/// The path to which an address of a page leads; `-` for outside.
fn leads(place: &str, page: &str, base: Option<&str>, raw: &str) -> Option<String> {
    const PATHS: [&str; 14] = [
        "a.jpg",
        "media/a.jpg",
        "media/a bé.jpg",
        "media/a&b.jpg",
        "WhatsApp/a.jpg",
        "a%E9.jpg",
        "100%.jpg",
        "a#1?.jpg",
        "media/only.jpg",
        "x/chat.html",
        "Töne & Bilder.jpg",
        "../page/near.jpg",
        "a%20b.jpg",
        "Anna/a.jpg",
    ];
    let addresses = addresses(place, &PATHS);
    let page = addresses.page(page, page);
    let base = base.map_or(page.clone(), |raw| match addresses.base_tag(&page, raw) {
        BaseTag::Stays(base) | BaseTag::Replaced(base) => base,
    });
    match addresses.leads(&base, raw) {
        Leads::File { item, .. } => Some(PATHS[item.0 as usize].to_owned()),
        Leads::Outside => Some("-".into()),
        Leads::Nowhere => None,
    }
}

#[track_caller]
fn check(page: &str, base: Option<&str>, raw: &str, want: Option<&str>) {
    assert_eq!(leads("", page, base, raw).as_deref(), want, "{raw}");
}

#[test]
fn resolves_references() {
    check("chat.html", None, "./media/a.jpg", Some("media/a.jpg"));
    check("x/chat.html", None, "../media/a.jpg", Some("media/a.jpg"));
    check("x/chat.html", None, "#top", Some("x/chat.html"));
    check("chat.html", None, "media/a%20b%C3%A9.jpg", Some("media/a bé.jpg"));
    check("chat.html", None, "media/A B%c3%a9.JPG", Some("media/a bé.jpg"));
    check("chat.html", None, "media/a be\u{301}.jpg", Some("media/a bé.jpg"));
    check("chat.html", None, "media/a&amp;b.jpg", Some("media/a&b.jpg"));
    check("chat.html", None, "media\\a.jpg", Some("media/a.jpg"));
    check("chat.html", None, " \n a.jp\ng?x=1#y ", Some("a.jpg"));
    check("chat.html", None, "x/%2e%2E/a.jpg", Some("a.jpg"));
}

#[test]
fn names_with_signs_that_nobody_encoded() {
    check("chat.html", None, "a%E9.jpg", Some("a%E9.jpg"));
    check("chat.html", None, "100%.jpg", Some("100%.jpg"));
    check("chat.html", None, "100%25.jpg", Some("100%.jpg"));
    check("chat.html", None, "a#1?.jpg", Some("a#1?.jpg"));
    check("chat.html", None, "a%231%3F.jpg#t=1", Some("a#1?.jpg"));
    check("chat.html", None, "a%20b.jpg?x", Some("a%20b.jpg"));
}

#[test]
fn named_entities_of_all_kinds_are_understood() {
    for raw in [
        "T&ouml;ne &amp; Bilder.jpg",
        "T&ouml;ne%20&%20Bilder.jpg",
        "T&#xF6;ne &amp Bilder.jpg",
        "T&ouml;ne&#32;&AMP;&#x20;Bilder&period;jpg",
    ] {
        check("chat.html", None, raw, Some("Töne & Bilder.jpg"));
    }
}

#[test]
fn a_base_says_what_addresses_are_relative_to() {
    check("chat.html", Some("WhatsApp/"), "a.jpg", Some("WhatsApp/a.jpg"));
    check("chat.html", Some("WhatsApp"), "a.jpg", Some("a.jpg"));
    check("chat.html", Some("media/"), "/WhatsApp/a.jpg", Some("WhatsApp/a.jpg"));
    check("chat.html", Some("https://example.org/"), "a.jpg", None);
    check("chat.html", Some("//example.org/"), "a.jpg", None);
}

#[test]
fn an_empty_base_means_the_page_itself() {
    for base in ["", " ", "#", "?", "chat.html", "./"] {
        check("media/chat.html", Some(base), "a.jpg", Some("media/a.jpg"));
        let addresses = addresses("", &[]);
        let page = addresses.page("media/chat.html", "media/chat.html");
        assert!(matches!(addresses.base_tag(&page, base), BaseTag::Stays(_)), "{base:?}");
    }
}

#[test]
fn leaves_what_leads_elsewhere() {
    for raw in [
        "https://example.org/a.jpg",
        "//example.org/a.jpg",
        "data:image/png;base64,AA",
        "DATA:x",
        "#top",
        "",
        "mailto:a@b.c",
        "javascript:x",
        "media/",
        "none.jpg",
        "blob:https://example.org/1",
    ] {
        check("chat.html", None, raw, None);
    }
    check("chat.html", None, "../a.jpg", Some("-"));
    check("chat.html", None, "../photos/b.jpg", Some("-"));
}

#[test]
fn out_of_the_folder_and_back_into_it() {
    let page = |place: &str, page: &str, raw: &str| leads(place, page, None, raw);
    assert_eq!(page("Anna", "chat.html", "../Anna/a.jpg").as_deref(), Some("a.jpg"));
    assert_eq!(
        page("Anna", "x/chat.html", "../../Anna/media/a.jpg").as_deref(),
        Some("media/a.jpg")
    );
    // Of the folders above only a host that tells all of the path knows.
    assert_eq!(page("Anna", "chat.html", "../../chats/Anna/a.jpg").as_deref(), Some("a.jpg"));
    assert_eq!(
        page("w/chats/Anna", "chat.html", "../../chats/Anna/a.jpg").as_deref(),
        Some("a.jpg")
    );
    assert_eq!(page("w/chats/Anna", "chat.html", "../../other/Anna/a.jpg").as_deref(), Some("-"));
    assert_eq!(page("Anna", "chat.html", "../Ben/a.jpg").as_deref(), Some("-"));
}

#[test]
fn a_page_outside_the_folder_leads_into_it() {
    let page = |raw: &str| leads("w/Anna", "../page/chat.html", None, raw);
    assert_eq!(page("../Anna/media/a.jpg").as_deref(), Some("media/a.jpg"));
    assert_eq!(page("near.jpg").as_deref(), Some("../page/near.jpg"));
    assert_eq!(page("file:///w/Anna/a.jpg").as_deref(), Some("a.jpg"));
    assert_eq!(page("../Ben/a.jpg").as_deref(), Some("-"));
}

#[test]
fn absolute_paths_of_another_machine_are_found_by_their_end() {
    for raw in ["file:///home/x/only.jpg", "C:\\x\\only.jpg", "/only.jpg", "file://nas/x/only.jpg"]
    {
        check("chat.html", None, raw, Some("media/only.jpg"));
    }
    check("chat.html", None, "/sd/WhatsApp/a.jpg", Some("WhatsApp/a.jpg"));
    // Several files have this name.
    check("chat.html", None, "file:///home/x/a.jpg", Some("-"));
    check("chat.html", Some("file:///C:/Users/x/media/"), "a.jpg", Some("media/a.jpg"));
}

#[track_caller]
fn check_rewritten(target: &str, base: Option<&str>, raw: &str, wanted: &str, want: Option<&str>) {
    let addresses = addresses("w/Anna", &[]);
    let page = addresses.page(target, target);
    let base = base.map_or(page.clone(), |raw| match addresses.base_tag(&page, raw) {
        BaseTag::Stays(base) | BaseTag::Replaced(base) => base,
    });
    assert_eq!(rewritten(&base, raw, "", wanted).as_deref(), want, "{raw}");
}

#[test]
fn what_leads_there_already_stays() {
    check_rewritten("x/chat.html", None, "../a b.jpg", "a b.jpg", None);
    check_rewritten("x/chat.html", None, "..\\a%20b.jpg#t", "a b.jpg", None);
    check_rewritten("chat.html", Some("media/"), "a.jpg", "media/a.jpg", None);
    check_rewritten("x/chat.html", None, "a.jpg", "o/1_ä.jpg", Some("../o/1_%C3%A4.jpg"));
    check_rewritten("chat.html", Some("media/"), "a.jpg", "o/1.jpg", Some("../o/1.jpg"));
    check_rewritten("chat.html", None, "A.jpg", "a.jpg", Some("a.jpg"));
    // Outside the bundle nothing is as it was.
    check_rewritten("chat.html", None, "../Anna/a.jpg", "a.jpg", Some("a.jpg"));
    check_rewritten("chat.html", Some("../Anna/"), "a.jpg", "a.jpg", None);
    check_rewritten("chat.html", Some("file:///w/Anna/x/"), "a.jpg", "x/a.jpg", Some("x/a.jpg"));
}
