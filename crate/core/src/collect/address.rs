//! Which file of the export an address in a given page leads to. Collecting and
//! rewriting both ask here, so that they cannot disagree.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use url::Url;

use super::file_names::{FileNames, plain};
use crate::model::{Item, ItemId};
use crate::page::escape::url_path;

/// Stands for the bundle's place, which is not known yet. No page names it, so an
/// address that leads out of it never leads back.
const BUNDLE: &str = ":bundle:";
/// Stands for the export's place where the host did not tell it. No page names it.
const UNKNOWN: &str = ":export:";

/// The files of the export by their addresses.
#[derive(Debug)]
pub struct Addresses {
    /// Where the export lies; its path ends with `/`.
    root: Option<Url>,
    /// That path without percent signs.
    place: String,
    files: FileNames,
    /// Files by name without folders, `None` if several have it: for pages that
    /// were written on another machine.
    by_name: HashMap<String, Option<ItemId>>,
}

/// What relative addresses of a page are relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// The network: nothing of the export is meant.
    Network,
    /// A place on a disk.
    Disk {
        /// Seen from the export.
        source: Url,
        /// Seen from the bundle.
        target: Url,
        /// Whether it is an absolute path of some machine.
        absolute: bool,
    },
}

/// What a `<base href>` means for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseTag {
    /// It stays; addresses are relative to this.
    Stays(Base),
    /// It leads to a place outside the bundle, and must not count there.
    Replaced(Base),
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// To a file of the export.
    File {
        /// The file.
        item: ItemId,
        /// Query and fragment, as they were written.
        suffix: String,
    },
    /// To a file that is not among those of the export, outside its folder.
    Outside,
    /// Nowhere: to the network, to a file that the folder lacks, or to no file at
    /// all.
    Nowhere,
}

impl Addresses {
    /// Of the export's files. `place` is the export's folder: all of its path,
    /// or only its name; `/` between parts.
    #[must_use]
    pub fn new(items: &[Item], place: &str) -> Self {
        let place = place.trim_matches('/');
        let root = folder(if place.is_empty() { UNKNOWN } else { place });
        let place = root.as_ref().map_or("/".to_owned(), |root| decoded(root.path()));
        let mut by_name: HashMap<String, Option<ItemId>> = HashMap::new();
        for item in items {
            let name = plain(item.name()).to_lowercase();
            by_name.entry(name).and_modify(|other| *other = None).or_insert(Some(item.id));
        }
        // A file outside the folder is known by its whole path.
        let mut files = FileNames::by_path(items.iter().filter(|item| !item.is_beside()));
        for item in items.iter().filter(|item| item.is_beside()) {
            if let Some(at) = below(root.as_ref(), &item.path) {
                files.add(&decoded(at.path()), item.id);
            }
        }
        Self { root, place, files, by_name }
    }

    /// The file at a path of the export.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<ItemId> {
        let whole = || Some(decoded(below(self.root.as_ref(), path)?.path()));
        self.files.find(path).or_else(|| self.files.find(&whole()?))
    }

    /// What addresses of a page are relative to. `source` is its path in the
    /// export, `target` in the bundle.
    #[must_use]
    pub fn page(&self, source: &str, target: &str) -> Base {
        let source = below(self.root.as_ref(), source);
        let target = below(folder(BUNDLE).as_ref(), target);
        match (source, target) {
            (Some(source), Some(target)) => Base::Disk { source, target, absolute: false },
            _ => Base::Network,
        }
    }

    /// What the page's `<base href="raw">` means; `raw` as it stands in the
    /// page.
    #[must_use]
    pub fn base_tag(&self, page: &Base, raw: &str) -> BaseTag {
        let Base::Disk { source, target, .. } = page else {
            return BaseTag::Stays(Base::Network);
        };
        let written = htmlize::unescape_attribute(raw);
        let Some(found) = on_disk(source, &written) else {
            return BaseTag::Stays(match source.join(&written) {
                Ok(_) => Base::Network,
                // What is no address does not count.
                Err(_) => page.clone(),
            });
        };
        let inside = target.join(&written).ok().filter(|url| in_bundle(url).is_some());
        match (found.absolute, inside) {
            (false, Some(target)) => {
                BaseTag::Stays(Base::Disk { source: found.url, target, absolute: false })
            }
            (absolute, _) => BaseTag::Replaced(Base::Disk {
                source: found.url,
                target: target.clone(),
                absolute,
            }),
        }
    }

    /// Where an address leads; `raw` as it stands in the page.
    #[must_use]
    pub fn leads(&self, base: &Base, raw: &str) -> Leads {
        let Base::Disk { source, absolute, .. } = base else { return Leads::Nowhere };
        // A picture inside the page may have megabytes.
        if is_inside(raw) {
            return Leads::Nowhere;
        }
        let written = htmlize::unescape_attribute(raw);
        let mut outside = false;
        for reading in readings(&written) {
            let Some(found) = on_disk(source, &reading.address) else { continue };
            let path = decoded(found.url.path());
            if let Some(item) = self.find(&path, found.absolute || *absolute) {
                return Leads::File { item, suffix: reading.suffix };
            }
            outside |= !path.starts_with(&self.place) && !path.ends_with('/');
        }
        if outside { Leads::Outside } else { Leads::Nowhere }
    }

    /// The path of a file of this disk that an address leads to, for the host
    /// that lists what belongs to a page outside the export.
    #[must_use]
    pub fn path_on_disk(&self, base: &Base, raw: &str) -> Option<String> {
        let Base::Disk { source, .. } = base else { return None };
        if is_inside(raw) {
            return None;
        }
        let found = on_disk(source, &htmlize::unescape_attribute(raw))?;
        Some(decoded(found.url.path()))
    }

    /// `path` is absolute and decoded.
    fn find(&self, path: &str, absolute: bool) -> Option<ItemId> {
        if let Some(inside) = path.strip_prefix(&self.place) {
            let found = self.files.find(inside);
            if found.is_some() || !absolute {
                return found;
            }
        }
        let elsewhere = || self.files.find(path).or_else(|| self.by_folder_name(path));
        elsewhere().or_else(|| if absolute { self.by_end(path) } else { None })
    }

    /// Out of the folder and back into it, where only the folder's name is
    /// known: `../../chats/Anna/a.jpg` for the export `Anna`.
    fn by_folder_name(&self, path: &str) -> Option<ItemId> {
        let name = self.place.trim_end_matches('/');
        if name.is_empty() || name.rfind('/') != Some(0) {
            return None;
        }
        let mut inner = path.match_indices(&self.place);
        inner.find_map(|(at, _)| self.files.find(&path[at + self.place.len()..]))
    }

    /// A path of another machine: the longest end of it that is a path of the
    /// export, or else its name, if only one file has it.
    fn by_end(&self, path: &str) -> Option<ItemId> {
        let mut ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
        let found = ends.find_map(|end| self.files.find(end).filter(|_| end.contains('/')));
        let name = || plain(path.rsplit('/').next().unwrap_or_default()).to_lowercase();
        found.or_else(|| self.by_name.get(&name()).copied().flatten())
    }
}

/// Whether the value is the thing itself (`data:`).
#[must_use]
pub fn is_inside(raw: &str) -> bool {
    let start = raw.trim_start();
    start.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The address to write so that it leads to `wanted` in the bundle; `None` if the
/// present one already does.
#[must_use]
pub fn rewritten(base: &Base, raw: &str, suffix: &str, wanted: &str) -> Option<String> {
    let Base::Disk { target, .. } = base else { return None };
    let now = target.join(&htmlize::unescape_attribute(raw)).ok();
    if now.as_ref().and_then(in_bundle).is_some_and(|path| path == wanted) {
        return None;
    }
    let goal = below(folder(BUNDLE).as_ref(), wanted)?;
    let address = target.make_relative(&goal)?;
    // The page itself has no relative address but its name.
    let name = || url_path(wanted.rsplit('/').next().unwrap_or(wanted));
    let address = if address.is_empty() { name() } else { address };
    Some(format!("{address}{}", safe_suffix(suffix)))
}

/// A way to read an address.
struct Reading {
    address: String,
    /// What of it is not the path.
    suffix: String,
}

/// The ways to read an address, the likeliest first: a name may hold a `#`, `?` or
/// `%` that whoever wrote the page did not encode.
fn readings(written: &str) -> Vec<Reading> {
    let cut = written.find(['?', '#']).unwrap_or(written.len());
    let whole = |text: &str| text.replace('?', "%3F").replace('#', "%23");
    let percent = |text: &str| text.replace('%', "%25");
    let plain = |address: String| Reading { address, suffix: String::new() };
    let path = |address: String| Reading { address, suffix: written[cut..].to_owned() };
    let mut readings = Vec::new();
    if cut < written.len() && cut > 0 {
        readings.push(plain(whole(written)));
    }
    readings.push(path(written[..cut].to_owned()));
    if written.contains('%') {
        readings.push(plain(whole(&percent(written))));
        readings.push(path(percent(&written[..cut])));
    }
    readings
}

struct OnDisk {
    url: Url,
    absolute: bool,
}

/// The place on a disk that an address means; `None` for any other.
fn on_disk(base: &Url, written: &str) -> Option<OnDisk> {
    // What cannot be parsed has an odd host: not on this disk.
    let url = base.join(written).ok()?;
    let start = written.trim_start_matches(|c: char| c <= ' ');
    if url.scheme() == "file" {
        let scheme = start.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("file:"));
        // `//host/share` is a path of the network: as a page says it, a host.
        let host = url.host_str().is_some_and(|host| !host.is_empty());
        if host && !scheme {
            return None;
        }
        let absolute = scheme || start.starts_with(['/', '\\']);
        return Some(OnDisk { url, absolute });
    }
    // `C:` is a drive, longer words are schemes.
    if url.scheme().len() == 1 {
        let path = start[2..].trim_start_matches(['/', '\\']);
        let url = Url::parse(&format!("file:///{}:/{path}", &start[..1])).ok()?;
        return Some(OnDisk { url, absolute: true });
    }
    None
}

/// A folder as an address.
fn folder(path: &str) -> Option<Url> {
    // A drive keeps its colon.
    let path = url_path(path.trim_matches('/')).replace("%3A", ":");
    Url::parse(&format!("file:///{path}/")).ok()
}

/// A path below a folder as an address.
fn below(folder: Option<&Url>, path: &str) -> Option<Url> {
    folder?.join(&url_path(path)).ok()
}

/// The path in the bundle that an address leads to.
fn in_bundle(url: &Url) -> Option<String> {
    let path = url.path().strip_prefix("/:bundle:/").filter(|_| url.scheme() == "file")?;
    Some(decoded(path))
}

/// Percent signs resolved; unchanged where the result would be no text.
fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), Into::into)
}

/// A query or fragment, safe in a value with or without quotes.
fn safe_suffix(suffix: &str) -> String {
    let encode = |c: char| match c {
        c if c.is_ascii_alphanumeric() || "?#=,.-_~/:;+%".contains(c) => c.to_string(),
        '&' => "&amp;".to_owned(),
        c => url_path(&c.to_string()),
    };
    suffix.chars().map(encode).collect()
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
