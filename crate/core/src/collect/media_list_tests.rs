use super::*;

#[track_caller]
fn check(name: &str, content: Kind, want: MediaKind) {
    assert_eq!(media_kind(name, Some(content), || false), want, "{name}");
}

#[test]
fn tells_what_media_are() {
    check("IMG-20241222-WA0001.jpg", Kind::Jpeg, MediaKind::Image);
    check("IMG-20241222-WA0001.jpg", Kind::Video, MediaKind::Video);
    check("IMG-20241222-WA0001.jpg", Kind::Empty, MediaKind::Image);
    check("IMG-20241222-WA0001.jpg", Kind::Text, MediaKind::Image);
    check("VID-20241222-WA0001.mp4", Kind::Video, MediaKind::Video);
    check("00000001-GIF-2024-12-22-20-36-00.mp4", Kind::Video, MediaKind::Gif);
    check("PTT-20241222-WA0001.opus", Kind::Audio, MediaKind::Voice);
    check("00000001-AUDIO-2024-12-22-20-36-00.opus", Kind::Audio, MediaKind::Voice);
    check("00000001-AUDIO-2024-12-22-20-36-00.m4a", Kind::Video, MediaKind::Audio);
    check("song.m4a", Kind::Video, MediaKind::Audio);
    check("STK-20241222-WA0001.webp", Kind::Webp, MediaKind::Sticker);
    check("IMG-20241222-WA0001.webp", Kind::Webp, MediaKind::Image);
    check("00000046-scan.jpg", Kind::Jpeg, MediaKind::Document);
    check("DOC-20241222-WA0001.jpg", Kind::Jpeg, MediaKind::Document);
    check("Alex.vcf", Kind::Contact, MediaKind::Contact);
    check("paper.pdf", Kind::Pdf, MediaKind::Document);
    check("4f2680f1db95a8454775cc2eefc95bfc.jpg", Kind::Jpeg, MediaKind::Image);
    assert_eq!(media_kind("a.webp", Some(Kind::Webp), || true), MediaKind::Sticker);
}

#[test]
fn counts_pages_as_people_do() {
    let mut pages = ["messages10.html", "messages2.html", "messages.html"];
    pages.sort_by_key(|path| counted(path));
    assert_eq!(pages, ["messages.html", "messages2.html", "messages10.html"]);
}
