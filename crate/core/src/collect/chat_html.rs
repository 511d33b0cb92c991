//! The media that an HTML page of another exporter refers to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::rc::Rc;

use lol_html::HtmlRewriter;
use lol_html::html_content::Element;

use super::address::{Addresses, Base, Leads, is_inside};
use super::checksum::Checksum;
use super::encoding::{self, Encoding};
use super::kind::named_kind;
use super::page_marks::{Mark, PageReader, Told, parser};
use super::reading::Reading;
use super::steps::Steps;
use super::wide::{self, Narrow};
use crate::error::{Problem, Unread};
use crate::io::{PIECE, ReadAt, read_range};
use crate::model::{Item, ItemId, Kind};

/// Most photos outside the folder that are reported by name; the others are
/// counted.
const NAMED: usize = 20;

/// What a page refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Files of the export, each once, in page order.
    pub items: Vec<ItemId>,
    /// Photos and videos that the page itself holds (`data:`).
    pub inside: u32,
    /// Photos and videos outside the export's folder, each once.
    pub outside: Outside,
    /// Whether the page is not what its zip packed.
    pub broken: bool,
}

/// Photos and videos that a page shows and that lie outside the export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// How many.
    pub count: u32,
    /// The first of them, as the page names them.
    pub names: Vec<String>,
}

/// Lists the files that a page refers to. Only they are kept, however long the page
/// is.
///
/// # Errors
/// The page cannot be read, or the parser gives up on it.
pub(super) async fn references(
    page: &Item,
    addresses: &Addresses,
    steps: &Steps,
) -> Result<References, Problem> {
    let found = Rc::new(RefCell::new(Found::default()));
    let sees = Rc::clone(&found);
    let take = move |marks: &[Mark], base: &Base| {
        let mut found = sees.borrow_mut();
        for mark in marks {
            for part in &mark.addresses {
                found.add(&mark.value[part.clone()], base, addresses);
            }
        }
    };
    let mut reading = Reading::default();
    let mut bytes = steps
        .read_on(page, &mut reading, PIECE)
        .await
        .map_err(|error| Problem::unreadable(&error))?;
    let base = addresses.page(&page.path, &page.path);
    let mut listener = Listener::new(&bytes, addresses, base, take);
    let mut checksum = Checksum::default();
    while !bytes.is_empty() {
        checksum.add(&bytes);
        listener.feed(&bytes)?;
        bytes = steps
            .read_on(page, &mut reading, PIECE)
            .await
            .map_err(|error| Problem::unreadable(&error))?;
    }
    listener.finish()?;
    let references = std::mem::take(&mut found.borrow_mut().references);
    Ok(References { broken: checksum.is_broken(page), ..references })
}

/// Lists the files of this disk that a page outside the export refers to. It is for
/// the host, which alone can see what is there. `path` is the page's.
///
/// # Errors
/// The page cannot be read, or the parser gives up on it.
pub fn paths_on_disk(page: &dyn ReadAt, path: &str) -> Result<BTreeSet<String>, Problem> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let addresses = Addresses::new(&[], folder);
    let found = Rc::new(RefCell::new(BTreeSet::new()));
    let sees = Rc::clone(&found);
    let take = |marks: &[Mark], base: &Base| {
        let mut found = sees.borrow_mut();
        for mark in marks {
            let parts = mark.addresses.iter().map(|part| &mark.value[part.clone()]);
            found.extend(parts.filter_map(|part| addresses.path_on_disk(base, part)));
        }
    };
    let mut bytes = read_range(page, 0, PIECE).map_err(|error| Problem::unreadable(&error))?;
    let mut listener = Listener::new(&bytes, &addresses, addresses.page(name, name), take);
    let mut pos = 0;
    while !bytes.is_empty() {
        pos += bytes.len() as u64;
        listener.feed(&bytes)?;
        bytes = read_range(page, pos, PIECE).map_err(|error| Problem::unreadable(&error))?;
    }
    listener.finish()?;
    Ok(std::mem::take(&mut *found.borrow_mut()))
}

/// Hears of the addresses of a page that is fed in pieces.
struct Listener<'a> {
    parser: HtmlRewriter<'a, fn(&[u8])>,
    narrow: Option<Narrow>,
}

impl<'a> Listener<'a> {
    /// `head` are the first bytes of the page, which tell its encoding; `take` gets
    /// the addresses of each element and what they are relative to.
    fn new(
        head: &[u8],
        addresses: &'a Addresses,
        base: Base,
        take: impl Fn(&[Mark], &Base) + 'a,
    ) -> Self {
        let mut reader = PageReader::new(base);
        let told = move |element: &Element<'_, '_>| {
            if let Told::Marks(marks) = reader.read(element, addresses) {
                take(&marks, &reader.base);
            }
        };
        let encoding = encoding::encoding(head);
        let narrow = wide::of(encoding).map(|(narrow, _)| narrow);
        let output: fn(&[u8]) = |_| {};
        Self { parser: parser(told, output, charset(encoding, head)), narrow }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match &mut self.narrow {
            Some(narrow) => self.parser.write(&narrow.feed(bytes)).map_err(unparsed),
            None => self.parser.write(bytes).map_err(unparsed),
        }
    }

    fn finish(self) -> Result<(), Problem> {
        self.parser.end().map_err(unparsed)
    }
}

/// Whether the encoding that a page declares counts: not beside a byte order mark,
/// which wins.
#[must_use]
pub fn charset(encoding: Encoding, head: &[u8]) -> bool {
    encoding == Encoding::Utf8 && !head.starts_with(b"\xEF\xBB\xBF")
}

/// It is beyond the parser.
fn unparsed(error: impl Display) -> Problem {
    Problem::Unreadable(Unread::Told(error.to_string()))
}

#[derive(Default)]
struct Found {
    references: References,
    seen: BTreeSet<ItemId>,
    outside: BTreeSet<String>,
}

impl Found {
    fn add(&mut self, raw: &str, base: &Base, addresses: &Addresses) {
        if is_inside(raw) {
            self.references.inside += u32::from(is_photo_inside(raw));
            return;
        }
        match addresses.leads(base, raw) {
            Leads::File { item, .. } => {
                self.references.items.extend(Some(item).filter(|id| self.seen.insert(*id)));
            }
            Leads::Outside if shows_media(raw) && self.outside.insert(raw.to_owned()) => {
                let outside = &mut self.references.outside;
                outside.count += 1;
                if outside.names.len() < NAMED {
                    outside.names.push(htmlize::unescape_attribute(raw).into_owned());
                }
            }
            Leads::Outside | Leads::Nowhere => {}
        }
    }
}

/// Whether an address ends like a photo, a video or a sound.
fn shows_media(raw: &str) -> bool {
    let path = &raw[..raw.find(['?', '#']).unwrap_or(raw.len())];
    matches!(
        named_kind(path),
        Some(
            Kind::Jpeg
                | Kind::Heic
                | Kind::Avif
                | Kind::Png
                | Kind::Webp
                | Kind::Gif
                | Kind::Tiff
                | Kind::Raw
                | Kind::Video
                | Kind::Audio
        )
    )
}

/// Whether a `data:` address is a photo or a video: no drawing, and no small
/// placeholder for a photo to come.
fn is_photo_inside(raw: &str) -> bool {
    /// Characters below which a PNG or GIF is an icon or a placeholder. Chosen, not
    /// measured.
    const SMALL: usize = 2000;
    let head: String = raw.trim_start().chars().take(20).collect();
    let kind = head.get(5..).unwrap_or_default().to_ascii_lowercase();
    let small = kind.starts_with("image/png") || kind.starts_with("image/gif");
    let media = kind.starts_with("image/") || kind.starts_with("video/");
    media && !kind.starts_with("image/svg") && !(small && raw.len() < SMALL)
}

#[cfg(test)]
mod tests {
    use super::super::steps;
    use super::*;
    use crate::io::{Files, ReadAt};
    use crate::model::{FileId, Source};

    /// One file.
    struct Page(Vec<u8>);

    impl Files for Page {
        fn open(&self, _: FileId) -> std::io::Result<Box<dyn ReadAt + '_>> {
            Ok(Box::new(self.0.as_slice()))
        }
    }

    fn item(id: ItemId, path: &str, size: u64) -> Item {
        let source = Source::File(FileId(id.0));
        Item { id, path: path.into(), size, modified: None, source }
    }

    /// What `chat.html` refers to.
    fn read(page: &[u8], addresses: &Addresses) -> References {
        let file = item(ItemId(99), "chat.html", page.len() as u64);
        let (steps, files) = (Steps::default(), Page(page.to_vec()));
        let mut work = std::pin::pin!(references(&file, addresses, &steps));
        loop {
            if let Some(found) = steps::step(&steps, work.as_mut(), &files) {
                return found.expect("references");
            }
        }
    }

    #[test]
    fn lists_the_references_of_a_page_in_order() {
        let page =
            b"<base href='media/'><a href=\"1.jpg\"><img src='1_thumb.jpg' srcset='2.jpg 2x'></a>\
            <video poster=3.jpg><source data-src=\"4.mp4\"></video><p>src='no.jpg'</p>\
            <!-- <img src='no.jpg'> --><base href='later/'><img src=5.jpg><img src=1.jpg>";
        let files = ["1.jpg", "1_thumb.jpg", "2.jpg", "3.jpg", "4.mp4", "5.jpg", "no.jpg"];
        let item = |(index, name): (u32, &&str)| item(ItemId(index), &format!("media/{name}"), 1);
        let items: Vec<Item> = (0..).zip(&files).map(item).collect();
        let addresses = Addresses::new(&items, "");
        let found = read(page, &addresses);
        assert_eq!(found.items, [0, 1, 2, 3, 4, 5].map(ItemId));
    }

    #[test]
    fn counts_photos_that_are_no_files_of_the_export() {
        let big = "A".repeat(3000);
        let page = format!(
            "<img src='data:image/jpeg;base64,/9j/'><img src='DATA:image/png;base64,{big}'>\
             <img src='data:image/gif;base64,R0lG'><img src='data:image/svg+xml,<svg/>'>\
             <a href='data:text/plain,x'><img srcset='../x/a&amp;b.JPG?1 1x, ../x/b.mp4 2x'>\
             <a href='../x/a&amp;b.JPG?1'><a href='../index.html'><img src='https://x.y/a.jpg'>"
        );
        let addresses = Addresses::new(&[], "w/export");
        let found = read(page.as_bytes(), &addresses);
        assert_eq!(found.inside, 2);
        let names = vec!["../x/a&b.JPG?1".to_owned(), "../x/b.mp4".to_owned()];
        assert_eq!(found.outside, Outside { count: 2, names });
    }
}
