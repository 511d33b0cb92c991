//! The shapes that known exporters write, and pages put together at random: only
//! the references change, in whatever pieces a page arrives.

use super::tests::{check, rewrite};

/// What `mtln/chat-export` writes.
#[test]
fn pages_of_mtln() {
    check(
        "<div class=\"message\"><img class=\"media\" src=\"./media/a b.jpg\" alt=\"a b.jpg\">\
         <video controls><source src=\"./media/ü&amp;.mp4\" type=\"video/mp4\"></video>\
         <a href=\"./media/ü&.mp4\">ü&amp;.mp4</a></div>",
        "<div class=\"message\"><img class=\"media\" src=\"../media/a%20b.jpg\" alt=\"a b.jpg\">\
         <video controls><source src=\"../media/%C3%BC%26.mp4\" type=\"video/mp4\"></video>\
         <a href=\"../media/%C3%BC%26.mp4\">ü&amp;.mp4</a></div>",
    );
    // With its media inside nothing is to be done.
    let data = format!("<img src=\"data:image/jpeg;base64,{}\">", "AbC/+=".repeat(5000));
    check(&data, &data);
}

/// What KnugiHK's exporter writes: a base, lazy videos, backslashes, thumbs
/// that lead to the picture.
#[test]
fn pages_of_knugi() {
    check(
        "<base href=\"media/\" target=\"_blank\"><a href=\"a b.jpg\"><img src=\"a%20b_thumb.jpg\" loading=\"lazy\"></a>\
         <video class=\"lazy\" preload=none><source data-src=\"ü&amp;.mp4\"></video>",
        "<base href=\"media/\" target=\"_blank\"><a href=\"../../media/a%20b.jpg\"><img src=\"a%20b_thumb.jpg\" loading=\"lazy\"></a>\
         <video class=\"lazy\" preload=none><source data-src=\"../../media/%C3%BC%26.mp4\"></video>",
    );
    check("<img src=\"media\\a b.jpg\">", "<img src=\"../media/a%20b.jpg\">");
}

/// What Telegram writes: pictures in links, `_thumb` names, further pages.
#[test]
fn pages_like_telegrams() {
    check(
        "<a class=\"photo_wrap clearfix pull_left\" href=\"media/a b.jpg\">\n\
         <img class=\"photo\" src=\"media/a b_thumb.jpg\" style=\"width: 260px; height: 195px\"/></a>\n\
         <a class=\"pagination block_link\" href=\"messages2.html\">Next messages</a>",
        "<a class=\"photo_wrap clearfix pull_left\" href=\"../media/a%20b.jpg\">\n\
         <img class=\"photo\" src=\"media/a b_thumb.jpg\" style=\"width: 260px; height: 195px\"/></a>\n\
         <a class=\"pagination block_link\" href=\"messages2.html\">Next messages</a>",
    );
}

#[test]
fn posters_sets_and_fragments() {
    check(
        "<video poster=media/a%20b.jpg src='media/%c3%bc%26.mp4#t=3,5'></video>\
         <picture><source srcset=\"media/a%20b.jpg 1x, media/none.jpg 2x\"></picture>\
         <a href=\"media/a%20b.jpg?x=1&amp;y=2\">a</a><a href='&#x6d;edia/a&#32;b.jpg'>b</a>",
        "<video poster=../media/a%20b.jpg src='../media/%C3%BC%26.mp4#t=3,5'></video>\
         <picture><source srcset=\"../media/a%20b.jpg 1x, media/none.jpg 2x\"></picture>\
         <a href=\"../media/a%20b.jpg?x=1&amp;y=2\">a</a><a href='../media/a%20b.jpg'>b</a>",
    );
}

/// Pieces of pages, as they come and as they must leave.
const PIECES: [(&str, &str); 16] = [
    ("<p class=\"x\">media/a b.jpg &amp; &lt;img src='media/a b.jpg'&gt;</p>\r\n", ""),
    ("<!-- <img src='media/a b.jpg'> -->", ""),
    ("<script>if (1 < 2) x = \"<img src='media/a b.jpg'>\";</script>", ""),
    ("<style>a > b { background: url(media/a%20b.jpg) }</style>", ""),
    ("<textarea><img src='media/a b.jpg'></textarea>", ""),
    ("grüße 家族 👪 < 3 > & &&amp;", ""),
    ("<IMG\tSRC = media/a%20b.jpg\n>", "<IMG\tSRC = ../media/a%20b.jpg\n>"),
    (
        "<img alt='>' src='media/a b.jpg' src='media/a b.jpg'>",
        "<img alt='>' src='../media/a%20b.jpg' src='media/a b.jpg'>",
    ),
    ("<a href=\"media/ü&amp;.mp4\" title='\"'>", "<a href=\"../media/%C3%BC%26.mp4\" title='\"'>"),
    ("</a  >", ""),
    ("<source data-src='./media/../media/a b.jpg'/>", "<source data-src='../media/a%20b.jpg'/>"),
    ("<img src='media/other.jpg' data-x='media/a b.jpg'>", ""),
    (
        "<img srcset='media/a%20b.jpg 1x,media/a%20b.jpg 2x'>",
        "<img srcset='../media/a%20b.jpg 1x,../media/a%20b.jpg 2x'>",
    ),
    ("<svg><image href='media/a b.jpg'/></svg>", "<svg><image href='../media/a%20b.jpg'/></svg>"),
    ("<img src=''><img src><img src=\"#\">", ""),
    ("<br/>", ""),
];

/// Numbers that are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

#[test]
fn any_page_comes_out_the_same_whole_and_in_pieces() {
    let mut numbers = Numbers(20_241_222);
    for round in 0..200 {
        let (mut html, mut want) = (String::new(), String::new());
        for _ in 0..numbers.below(30) {
            let (before, after) = PIECES[numbers.below(PIECES.len())];
            html.push_str(before);
            want.push_str(if after.is_empty() { before } else { after });
        }
        for chunk in [html.len().max(1), 1, 1 + numbers.below(9), 1 + numbers.below(200)] {
            let got = rewrite(html.as_bytes(), chunk);
            assert_eq!(String::from_utf8_lossy(&got), want, "round {round}, chunks of {chunk}");
        }
    }
}

#[test]
fn broken_pages_come_out_the_same_whole_and_in_pieces() {
    const BYTES: &[u8] = b"<<>>/!-='\"& \n\tabimgsrchefxmed\x00\xFF\xC3\xBC?#;";
    let mut numbers = Numbers(7);
    for round in 0..400 {
        let mut html = Vec::new();
        for _ in 0..numbers.below(40) {
            match numbers.below(4) {
                0 => html.extend_from_slice(PIECES[numbers.below(PIECES.len())].0.as_bytes()),
                1 => {
                    // A piece that breaks off anywhere.
                    let piece = PIECES[numbers.below(PIECES.len())].0.as_bytes();
                    html.extend_from_slice(&piece[..numbers.below(piece.len())]);
                }
                _ => html.push(BYTES[numbers.below(BYTES.len())]),
            }
        }
        let whole = rewrite(&html, html.len().max(1));
        for chunk in [1, 2, 1 + numbers.below(50)] {
            assert_eq!(rewrite(&html, chunk), whole, "round {round}, chunks of {chunk}");
        }
    }
}
