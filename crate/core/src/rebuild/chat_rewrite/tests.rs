use super::*;
use crate::model::{Kind, MediaKind};
use crate::plan::sample::Sample;

fn places() -> Rc<Places> {
    let mut sample = Sample::default();
    let photo = sample.exported("out/media/a b.jpg", Kind::Jpeg, Ok(vec![]));
    let clip = sample.exported("out/media/ü&.mp4", Kind::Video, Ok(vec![]));
    sample.medium("a b.jpg", MediaKind::Image, Some(photo), None);
    sample.medium("ü&.mp4", MediaKind::Video, Some(clip), None);
    let settings = crate::settings::Settings::default();
    let plan = sample.plan(&settings);
    Places::new(&sample.library, &sample.export, &plan)
}

pub(super) fn rewrite(html: &[u8], chunk: usize) -> Vec<u8> {
    let places = places();
    let mut rewriter = PageRewriter::new(&places, "out/chat.html", "out/chat.html");
    let mut out = Vec::new();
    for part in html.chunks(chunk) {
        out.extend(rewriter.feed(part));
    }
    out.extend(rewriter.finish().unwrap());
    out
}

#[track_caller]
pub(super) fn check(html: &str, want: &str) {
    for chunk in [html.len().max(1), 1, 2, 3, 7, 16] {
        let got = String::from_utf8(rewrite(html.as_bytes(), chunk)).unwrap();
        assert_eq!(got, want, "in chunks of {chunk}");
    }
}

#[test]
fn swaps_references_and_nothing_else() {
    check(
        "<!-- media/a b.jpg --><A  HREF = 'media/a%20b.jpg'  class=x ><img src=media/a&#32;b.jpg\
         >media/a b.jpg</A ><img alt=\"<\" src=\"./media/a b.jpg\"/>",
        "<!-- media/a b.jpg --><A  HREF = '../media/a%20b.jpg'  class=x ><img src=../media/a%20b.jpg\
         >media/a b.jpg</A ><img alt=\"<\" src=\"../media/a%20b.jpg\"/>",
    );
}

#[test]
fn knows_every_way_of_writing_a_path() {
    let new = "../media/%C3%BC%26.mp4";
    check(
        "<video poster='media/a b.jpg' data-src=media\\%C3%BC&amp;.mp4 src='media/u\u{308}&.MP4#t=1'>",
        &format!("<video poster='../media/a%20b.jpg' data-src={new} src='{new}#t=1'>"),
    );
    check(
        "<img srcset='media/a%20b.jpg 2x,media/a%20b.jpg, other.jpg 3x'>",
        "<img srcset='../media/a%20b.jpg 2x,../media/a%20b.jpg, other.jpg 3x'>",
    );
}

#[test]
fn honours_the_base() {
    check(
        "<base href='media/'><img src='a b.jpg'>",
        "<base href='media/'><img src='../../media/a%20b.jpg'>",
    );
    check(
        "<base href=file:///C:/Users/x/media/><img src='a b.jpg'>",
        "<base href=chat.html><img src='../media/a%20b.jpg'>",
    );
    check(
        "<base href='https://x.y/out/'><img src='media/a b.jpg'>",
        "<base href='https://x.y/out/'><img src='media/a b.jpg'>",
    );
}

#[test]
fn leaves_what_is_not_of_the_export() {
    for html in [
        "<img src='https://x.y/media/a b.jpg'><img src='//x.y/media/a b.jpg'>",
        "<a href='#top'><a href=''><a href='mailto:a@b.c'><img src='data:image/png;base64,AAAA'>",
        "<img src='../../../media/a b.jpg'><img src='media/other.jpg'>",
        "<script>var x = \"<img src='media/a b.jpg'>\"</script><title><img src='media/a b.jpg'></title>",
    ] {
        check(html, html);
    }
}

#[test]
fn absolute_paths_of_another_machine_are_found_by_name() {
    check(
        "<img src='file:///home/x/a%20b.jpg'><img src='C:\\x\\a b.jpg'>",
        "<img src='../media/a%20b.jpg'><img src='../media/a%20b.jpg'>",
    );
}

#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    let html = b"<p>\xFF\xFE\x00<img src='media/a b.jpg' alt='\xE4'>\xC3";
    for chunk in [1, 5, 100] {
        assert_eq!(
            rewrite(html, chunk),
            b"<p>\xFF\xFE\x00<img src='../media/a%20b.jpg' alt='\xE4'>\xC3"
        );
    }
}
