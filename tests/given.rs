//! Pages of other exporters: what they show is there, in the bundle as in the
//! export, and leads to the originals where the page says an address.

mod given_support;

use given_support::What::{Heic, Latin, Other, Photo, Text, Wide};
use given_support::{Came, Given, What, check, paths};

const ONE: &str = "IMG-20240303-WA0001.jpg";
const TWO: &str = "IMG-20240303-WA0002.jpg";
const CHAT: &str = "03/03/2024, 10:01 - Anna: IMG-20240303-WA0001.jpg (file attached)\n\
    03/03/2024, 10:02 - Anna: IMG-20240303-WA0002.jpg (file attached)\n\
    03/03/2024, 10:05 - Ben: Nice\n";

/// Two photos, the chat's text, and one page.
#[track_caller]
fn page(name: &str, page: &'static str, want: &'static str) -> Came {
    page_of(name, Text(page), want)
}

#[track_caller]
fn page_of(name: &str, page: What, want: &'static str) -> Came {
    let files = vec![
        (ONE, Photo(1)),
        (TWO, Photo(2)),
        ("WhatsApp Chat with Anna.txt", Text(CHAT)),
        ("Anna.html", page),
    ];
    check(name, &Given { files, html: &[], want: vec![("Anna.html", want)] })
}

#[test]
fn a_page_with_an_empty_base() {
    page(
        "KnugiHK",
        "<!DOCTYPE html><base href=\"\" target=\"_blank\"><a href=\"IMG-20240303-WA0001.jpg\">\
         <img src=\"IMG-20240303-WA0001.jpg\"></a><img src=IMG-20240303-WA0002.jpg>",
        "<!DOCTYPE html><base href=\"\" target=\"_blank\"><a href=\"{o1}\">\
         <img src=\"{o1}\"></a><img src={o2}>",
    );
}

#[test]
fn a_page_beside_copies_of_the_export() {
    const PAGE: &str = "<!DOCTYPE html><a href=\"IMG-20240303-WA0001.jpg\">x</a>\
        <img src='./IMG-20240303-WA0002.jpg'>";
    const LONG: &str = "03/03/2024, 10:00 - Anna: Look at this one\n\
        03/03/2024, 10:01 - Anna: IMG-20240303-WA0001.jpg (file attached)\n\
        03/03/2024, 10:02 - Anna: IMG-20240303-WA0002.jpg (file attached)\n\
        03/03/2024, 10:03 - Ben: Where was that taken\n03/03/2024, 10:04 - Anna: Near the river\n\
        03/03/2024, 10:05 - Ben: Nice\n";
    let want = || {
        vec![("result/Anna.html", "<!DOCTYPE html><a href=\"../{o1}\">x</a><img src='../{o2}'>")]
    };
    let mut files = vec![
        (ONE, Photo(1)),
        (TWO, Photo(2)),
        ("WhatsApp Chat with Anna.txt", Text(LONG)),
        ("result/Anna.html", Text(PAGE)),
        ("result/IMG-20240303-WA0001.jpg", Photo(1)),
        ("result/IMG-20240303-WA0002.jpg", Photo(2)),
    ];
    check("with photos alone", &Given { files: files.clone(), html: &[], want: want() });
    files.push(("result/WhatsApp Chat with Anna.txt", Text(LONG)));
    check("with the text, too", &Given { files, html: &[], want: want() });
}

#[test]
fn what_a_style_and_a_script_name_stays() {
    page(
        "whatsapp-to-html",
        "<!DOCTYPE html><link rel=preload as=image href=IMG-20240303-WA0001.jpg><style>\
         body { background-image: url(\"IMG-20240303-WA0001.jpg\") }</style>\
         <script>new Image().src = \"IMG-20240303-WA0002.jpg\"</script>",
        "<!DOCTYPE html><link rel=preload as=image href={o1}><style>\
         body { background-image: url(\"IMG-20240303-WA0001.jpg\") }</style>\
         <script>new Image().src = \"IMG-20240303-WA0002.jpg\"</script>",
    );
    page(
        "an inline style",
        "<!DOCTYPE html><div style=\"background: url(&quot;IMG-20240303-WA0001.jpg&quot;)\"></div>",
        "<!DOCTYPE html><div style=\"background: url(&quot;IMG-20240303-WA0001.jpg&quot;)\"></div>",
    );
}

#[test]
fn what_the_data_of_a_lightbox_names_stays() {
    const PAGE: &str = "<!DOCTYPE html><img src=\"thumbs/a.jpg\" data-full=\"IMG-20240303-WA0001.jpg\">\
        <a href=\"#\" data-mfp-src=\"IMG-20240303-WA0002.jpg\" data-image='IMG-20240303-WA0002.jpg'></a>";
    let files =
        vec![(ONE, Photo(1)), (TWO, Photo(2)), ("thumbs/a.jpg", Other), ("Anna.html", Text(PAGE))];
    check("lightbox", &Given { files, html: &[], want: vec![("Anna.html", PAGE)] });
}

#[test]
fn objects_and_embedded_files() {
    page(
        "object and embed",
        "<!DOCTYPE html><object data=IMG-20240303-WA0001.jpg></object>\
         <embed src=IMG-20240303-WA0002.jpg><p data=IMG-20240303-WA0001.jpg>",
        "<!DOCTYPE html><object data={o1}></object>\
         <embed src={o2}><p data=IMG-20240303-WA0001.jpg>",
    );
}

/// What stands in `noscript` and `srcdoc` is text to the parser: it stays.
#[test]
fn pages_in_pages_and_without_scripts() {
    page(
        "noscript, template, srcdoc, picture",
        "<!DOCTYPE html><noscript><img src=IMG-20240303-WA0001.jpg></noscript>\
         <template><img src=IMG-20240303-WA0002.jpg></template>\
         <iframe srcdoc=\"&lt;img src=&#39;IMG-20240303-WA0001.jpg&#39;&gt;\"></iframe>\
         <picture><source srcset=\"IMG-20240303-WA0002.jpg 1x\"></picture>",
        "<!DOCTYPE html><noscript><img src=IMG-20240303-WA0001.jpg></noscript><template><img src={o2}></template>\
         <iframe srcdoc=\"&lt;img src=&#39;IMG-20240303-WA0001.jpg&#39;&gt;\"></iframe>\
         <picture><source srcset=\"{o2} 1x\"></picture>",
    );
}

#[test]
fn names_written_with_named_entities() {
    let files = vec![
        ("Töne & Bilder.jpg", Photo(1)),
        ("Übersicht.jpg", Photo(2)),
        (
            "Anna.html",
            Text(
                "<!DOCTYPE html><img src=\"T&ouml;ne &amp; Bilder.jpg\"><a href=\"&Uuml;bersicht&period;jpg\">",
            ),
        ),
    ];
    let want = vec![("Anna.html", "<!DOCTYPE html><img src=\"{o1}\"><a href=\"{o2}\">")];
    check("htmlentities", &Given { files, html: &[], want });
}

#[test]
fn attributes_of_old_pages_and_of_lazy_ones() {
    page(
        "old attributes",
        "<!DOCTYPE html><td background=\"IMG-20240303-WA0001.jpg\"></td>\
         <svg><image xlink:href=\"IMG-20240303-WA0002.jpg\"/></svg>\
         <input type=image src=IMG-20240303-WA0001.jpg>\
         <a href=\"IMG-20240303-WA0002.jpg\" download=\"IMG-20240303-WA0002.jpg\">Save</a>",
        "<!DOCTYPE html><td background=\"{o1}\"></td><svg><image xlink:href=\"{o2}\"/></svg>\
         <input type=image src={o1}><a href=\"{o2}\" download=\"IMG-20240303-WA0002.jpg\">Save</a>",
    );
    page(
        "lazy lists",
        "<!DOCTYPE html><img data-src=IMG-20240303-WA0001.jpg data-srcset='IMG-20240303-WA0001.jpg 1x'>\
         <p data-href=IMG-20240303-WA0002.jpg>\
         <link rel=preload as=image imagesrcset='IMG-20240303-WA0002.jpg 2x, none.jpg'>",
        "<!DOCTYPE html><img data-src={o1} data-srcset='{o1} 1x'><p data-href={o2}>\
         <link rel=preload as=image imagesrcset='{o2} 2x, none.jpg'>",
    );
}

#[test]
fn a_thumbnail_stays_beside_its_photo() {
    const PAGE: &str = "<!DOCTYPE html><a href=\"photos/photo_1@03-03-2024_10-01-00.jpg\">\
        <img src=\"photos/photo_1@03-03-2024_10-01-00_thumb.jpg\"></a>";
    const WANT: &str = "<!DOCTYPE html><a href=\"{o1}\">\
        <img src=\"photos/photo_1@03-03-2024_10-01-00_thumb.jpg\"></a>";
    let files = vec![
        ("photos/photo_1@03-03-2024_10-01-00.jpg", Photo(1)),
        ("photos/photo_1@03-03-2024_10-01-00_thumb.jpg", Other),
        ("Anna.html", Text(PAGE)),
    ];
    check("Telegram", &Given { files, html: &[], want: vec![("Anna.html", WANT)] });
}

#[test]
fn photos_in_the_folders_of_a_phone_and_of_a_saved_page() {
    const PAGE: &str = "<!DOCTYPE html><img src=\"WhatsApp/Media/WhatsApp Images/Sent/IMG-20240303-WA0001.jpg\">\
        <link rel=stylesheet href=./Anna_files/style.css><img src=./Anna_files/IMG-20240303-WA0002.jpg \
        data-src=\"blob:https://example.org/1\">";
    const WANT: &str = "<!DOCTYPE html><img src=\"{o1}\">\
        <link rel=stylesheet href=./Anna_files/style.css><img src={o2} data-src=\"blob:https://example.org/1\">";
    let files = vec![
        ("WhatsApp/Media/WhatsApp Images/Sent/IMG-20240303-WA0001.jpg", Photo(1)),
        ("Anna_files/IMG-20240303-WA0002.jpg", Photo(2)),
        ("Anna_files/style.css", Text("p { color: red }")),
        ("Anna.html", Text(PAGE)),
    ];
    check("folders", &Given { files, html: &[], want: vec![("Anna.html", WANT)] });
}

#[test]
fn subtitles_stay_and_are_no_video() {
    const PAGE: &str = "<!DOCTYPE html><img src=IMG-20240303-WA0001.jpg>\
        <video><track src=\"VID-20240303-WA0003.vtt\"></video><iframe src=\"about.htm\"></iframe>";
    const WANT: &str = "<!DOCTYPE html><img src={o1}>\
        <video><track src=\"VID-20240303-WA0003.vtt\"></video><iframe src=\"about.htm\"></iframe>";
    let files = vec![
        (ONE, Photo(1)),
        ("VID-20240303-WA0003.vtt", Text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")),
        ("VID-20240303-WA0004.txt", Text("what is said in it\n")),
        ("about.htm", Text("<!DOCTYPE html><p>About")),
        ("Anna.html", Text(PAGE)),
    ];
    let came = check("subtitles", &Given { files, html: &[], want: vec![("Anna.html", WANT)] });
    assert_eq!(came.report.counts.videos.exported, 0);
    assert!(!came.report.mapping_json.contains("unreadable"), "{}", came.report.mapping_json);
}

#[test]
fn photos_that_only_a_script_file_names() {
    const PAGE: &str = "<!DOCTYPE html><div id=chat></div><script src=photos.js></script>";
    let files = vec![
        ("media/IMG-20240303-WA0001.jpg", Photo(1)),
        ("photos.js", Text("var photos = [\"media/IMG-20240303-WA0001.jpg\"];")),
        ("list.csv", Text("media/IMG-20240303-WA0001.jpg;Anna\n")),
        ("Anna.html", Text(PAGE)),
    ];
    check("a script file", &Given { files, html: &[], want: vec![("Anna.html", PAGE)] });
}

#[test]
fn a_link_saves_what_its_name_promises() {
    const PAGE: &str = "<!DOCTYPE html><a href=IMG-20240303-WA0001.jpg download='IMG-20240303-WA0001.jpg'>a</a>\
        <a href=IMG-20240303-WA0001.jpg download>b</a><a href=IMG-20240303-WA0001.jpg download=x.HEIF>c</a>\
        <a href=IMG-20240303-WA0001.jpg>d</a><img src=IMG-20240303-WA0001.jpg>";
    const WANT: &str = "<!DOCTYPE html><a href={view} download='IMG-20240303-WA0001.jpg'>a</a>\
        <a href={heic} download>b</a><a href={heic} download=x.HEIF>c</a>\
        <a href={heic}>d</a><img src={view}>";
    let files = vec![(ONE, Heic), ("Anna.html", Text(PAGE))];
    let came = check("HEIC", &Given { files, html: &[], want: vec![("Anna.html", WANT)] });
    let view = &came.files[&given_support::filled("{view}")];
    assert!(view.starts_with(b"\xFF\xD8"));
}

#[test]
fn pages_keep_their_names_and_our_files_give_way() {
    const PAGE: &str = "<!DOCTYPE html><img src=IMG-20240303-WA0001.jpg>\
        <button onclick=\"location.href='search.html'\">Search</button>";
    const WANT: &str = "<!DOCTYPE html><img src={o1}>\
        <button onclick=\"location.href='search.html'\">Search</button>";
    const BACK: &str = "<!DOCTYPE html><button onclick=\"location.href='chat.html'\">Back</button>";
    let names =
        ["chat.html", "messages-1.html", "report.html", "mapping.json", "assets/heirloom.css", "x"];
    for (given, text) in names.iter().flat_map(|name| [(*name, false), (*name, true)]) {
        let page = given.ends_with(".html");
        let mut files = vec![
            (ONE, Photo(1)),
            (if page { given } else { "page.html" }, Text(PAGE)),
            ("search.html", Text(BACK)),
            ("media/x.txt", Text("x")),
        ];
        if !page {
            files.push((given, Text("{}")));
        }
        if text {
            files.push(("WhatsApp Chat with Anna.txt", Text(CHAT)));
        }
        let want = vec![(if page { given } else { "page.html" }, WANT), ("search.html", BACK)];
        let came = check(given, &Given { files, html: &[], want });
        our_own_pages_lead_somewhere(&came, text);
    }
}

/// Everything that Heirloom's own first page names is there.
#[track_caller]
fn our_own_pages_lead_somewhere(came: &Came, drawn: bool) {
    let index = given_support::text(&came.files["index.html"]);
    assert!(index.contains("heirloom.css"), "{index}");
    for part in index.split("href=\"").chain(index.split("src=\"")).skip(1) {
        let address = part.split(['"', '#']).next().unwrap_or_default();
        let page = address.ends_with(".html")
            || address.starts_with("heirloom-")
            || address.starts_with("assets/");
        let there = came.files.keys().any(|path| path == address);
        assert!(there || !page, "{address} in {:?}", paths(came));
    }
    let search = came.files.iter().filter(|(_, bytes)| bytes.starts_with(b"heirloomIndex("));
    assert_eq!(search.count(), usize::from(drawn));
}

#[test]
fn the_export_may_be_a_bundle_made_before() {
    let place: &'static str = given_support::filled("{o1}").leak();
    const PAGE: &str = "<!DOCTYPE html><img src=IMG-20240303-WA0001.jpg><a href=report.html>";
    let files = vec![
        (ONE, Photo(1)),
        (place, Other),
        ("index.html", Text(PAGE)),
        ("report.html", Text("<!DOCTYPE html>")),
        ("mapping.json", Text("{}")),
    ];
    let want = vec![("report.html", "<!DOCTYPE html>")];
    let given = Given { files, html: &["index.html"], want };
    let export = ["index.html"];
    // The page changes; all else is checked to be as it was.
    let given =
        Given { want: [given.want.clone(), vec![(export[0], aside(place))]].concat(), ..given };
    let came = check("a bundle", &given);
    assert!(came.files.contains_key("heirloom-report.html"), "{:?}", paths(&came));
    assert!(came.files.contains_key("heirloom-mapping.json"), "{:?}", paths(&came));
}

/// The page of the case above, whose original had to move aside.
fn aside(place: &str) -> &'static str {
    let moved = place.replace("IMG_1.jpg", "IMG_1-2.jpg");
    format!("<!DOCTYPE html><img src={moved}><a href=report.html>").leak()
}

#[test]
fn pages_that_a_page_leads_to_come_along() {
    const FIRST: &str =
        "<!DOCTYPE html><img src=IMG-20240303-WA0001.jpg><a href=\"page-2.html#m5\">Next</a>";
    const SECOND: &str =
        "<!DOCTYPE html><img src=IMG-20240303-WA0002.jpg><a href=\"page-1.html\">Back</a>";
    const THIRD: &str = "<!DOCTYPE html><img src=IMG-20240303-WA0002.jpg>";
    let files = vec![
        (ONE, Photo(1)),
        (TWO, Photo(2)),
        ("WhatsApp Chat with Anna.txt", Text(CHAT)),
        ("page-1.html", Text(FIRST)),
        ("page-2.html", Text(SECOND)),
        ("page-3.html", Text(THIRD)),
    ];
    let want = vec![
        ("page-1.html", "<!DOCTYPE html><img src={o1}><a href=\"page-2.html#m5\">Next</a>"),
        ("page-2.html", "<!DOCTYPE html><img src={o2}><a href=\"page-1.html\">Back</a>"),
        // Nobody asked for it: it stays as it is.
        ("page-3.html", THIRD),
    ];
    check("one of three", &Given { files, html: &["page-1.html"], want });
}

#[test]
fn a_page_from_elsewhere_lands_at_the_top() {
    const PAGE: &str = "<!DOCTYPE html><link rel=stylesheet href=css/a.css>\
        <img src=../export/IMG-20240303-WA0001.jpg><img src=\"file:///w/export/Other.jpg\">\
        <a href=more/2.html>2</a><img src=../private/b.jpg>";
    const WANT: &str = "<!DOCTYPE html><link rel=stylesheet href=css/a.css>\
        <img src={o1}><img src=\"Other.jpg\"><a href=more/2.html>2</a><img src=../private/b.jpg>";
    let files = vec![
        (ONE, Photo(1)),
        ("Other.jpg", Other),
        ("../page/Anna.html", Text(PAGE)),
        ("../page/css/a.css", Text("p {}")),
        (
            "../page/more/2.html",
            Text("<!DOCTYPE html><img src=../../export/IMG-20240303-WA0001.jpg>"),
        ),
    ];
    let want = vec![
        ("Anna.html", WANT),
        ("more/2.html", "<!DOCTYPE html><img src=../{o1}>"),
        ("css/a.css", "p {}"),
    ];
    let came = check("elsewhere", &Given { files, html: &["../page/Anna.html"], want });
    assert_eq!(came.report.outside_export, 1);
}

#[test]
fn photos_inside_a_page_or_outside_the_folder_are_counted() {
    const PAGE: &str = "<!DOCTYPE html><a href=\"../photos/IMG-20240303-WA0001.jpg\">\
        <img src=\"../photos/IMG-20240303-WA0001.jpg\"></a><img src=\"data:image/jpeg;base64,/9j/4AAQ\">\
        <img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"><a href=\"../other.html\"></a>";
    let files = vec![("Anna.html", Text(PAGE))];
    let came = check("no files", &Given { files, html: &[], want: vec![("Anna.html", PAGE)] });
    assert_eq!((came.report.inside_pages, came.report.outside_export), (1, 1));
    let report = given_support::text(&came.files["report.html"]);
    assert!(report.contains("../photos/IMG-20240303-WA0001.jpg"), "{report}");
    assert!(report.contains("outside the export"), "{report}");
}

#[test]
fn ways_out_of_the_folder_and_back_into_it() {
    page(
        "out and back",
        "<!DOCTYPE html><base href='../export/x/'><img src=\" ../IMG-20240303-\nWA0001.jpg \">\
         <img src='/w/export/IMG-20240303-WA0002.jpg'>",
        "<!DOCTYPE html><base href='Anna.html'><img src=\"{o1}\"><img src='{o2}'>",
    );
}

#[test]
fn a_page_keeps_its_encoding() {
    page_of(
        "UTF-16",
        Wide("<!DOCTYPE html>\r\n<p>Grüße 👪</p><img src=\"IMG-20240303-WA0001.jpg\">"),
        "<!DOCTYPE html>\r\n<p>Grüße 👪</p><img src=\"{o1}\">",
    );
    let files = vec![("Übersicht.jpg", Photo(1)), ("Anna.html", Latin(LATIN))];
    const LATIN: &str = "<!DOCTYPE html><meta charset=\"iso-8859-1\"><p>Grüße</p>\
        <img src=\"Übersicht.jpg\" srcset=\"Übersicht.jpg 1x, ü.jpg 2x\">";
    const WANT: &str = "<!DOCTYPE html><meta charset=\"iso-8859-1\"><p>Grüße</p>\
        <img src=\"{o1}\" srcset=\"{o1} 1x, &#252;.jpg 2x\">";
    check("Latin-1", &Given { files, html: &[], want: vec![("Anna.html", WANT)] });
}

#[test]
fn a_document_that_runs_is_not_led_to_by_our_own_pages() {
    const SENT: &str = "03/03/2024, 10:01 - Anna: trick.html (file attached)\n\
        03/03/2024, 10:02 - Anna: IMG-20240303-WA0001.jpg (file attached)\n03/03/2024, 10:05 - Ben: Nice\n";
    const PAGE: &str = "<!DOCTYPE html><a href=trick.html>x</a>";
    let files = vec![
        (ONE, Photo(1)),
        ("trick.html", Text("<!DOCTYPE html><script>alert(1)</script>")),
        ("WhatsApp Chat with Anna.txt", Text(SENT)),
        ("Anna.html", Text(PAGE)),
    ];
    let came = check("a page sent", &Given { files, html: &[], want: vec![("Anna.html", PAGE)] });
    let index = given_support::text(&came.files["index.html"]);
    assert!(index.contains("media/trick.html.txt") && !index.contains("\"trick.html\""), "{index}");
}
