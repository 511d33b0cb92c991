//! What a reference of a given HTML page means: which file of the export, and
//! how to name its place in the bundle from there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use crate::collect::Inventory;
use crate::html::url_path;
use crate::model::{Edit, ItemId, MediaKind, MediumId, Side};
use crate::plan::{Action, Plan, names};

/// How the page uses a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It shows or plays it: what every browser can show.
    Show,
    /// It leads to it: the original itself.
    Link,
}

/// Where one file of the export went.
#[derive(Debug, Clone)]
struct Place {
    show: String,
    link: String,
}

/// Every file of the export with its place in the bundle.
pub(super) struct Places {
    by_path: BTreeMap<String, Place>,
    /// By path without case, if only one file has it.
    folded: BTreeMap<String, Option<String>>,
    /// By name without folders, if only one file has it: for pages whose base
    /// is a folder of another machine.
    by_name: BTreeMap<String, Option<String>>,
}

/// What relative references of a page are relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// A folder of the export, and the same seen from the bundle.
    Folder {
        /// In the export; `/` between parts, no end slash.
        source: String,
        /// In the bundle.
        target: String,
    },
    /// The network: nothing of the export is meant.
    Remote,
}

/// What a `<base href>` means for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BaseTag {
    /// It stays; references are relative to this.
    Stays(Base),
    /// It names a folder of another machine and must not count any more.
    Replaced,
}

impl Places {
    pub(super) fn new(inventory: &Inventory, plan: &Plan) -> Self {
        let mut by_path = BTreeMap::new();
        let path_of = |id: ItemId| {
            let item = inventory.items.get(id.0 as usize).filter(|item| item.side == Side::Export);
            item.map(|item| normal(&item.path))
        };
        for (id, target) in plan.others.iter().chain(&plan.pages) {
            if let Some(path) = path_of(*id) {
                by_path.insert(path, Place { show: target.clone(), link: target.clone() });
            }
        }
        for (index, medium) in inventory.media.iter().enumerate() {
            let Some(path) = medium.item.and_then(path_of) else { continue };
            if let Some(place) = place(plan, MediumId(index as u32), medium.kind) {
                by_path.insert(path, place);
            }
        }
        let folded = unique(by_path.keys().map(|path| (path.to_lowercase(), path)));
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let by_name = unique(by_path.keys().map(|path| (last(path), path)));
        Self { by_path, folded, by_name }
    }

    /// The reference to write instead of `raw` (an attribute's value as it
    /// stands in the file); `None`: it stays.
    pub(super) fn replace(&self, raw: &str, base: &Base, usage: Use) -> Option<String> {
        let Base::Folder { source, target } = base else { return None };
        let decoded = decode_entities(raw.trim());
        let reference = decoded.replace('\\', "/");
        // A name may hold `#` or `?` itself: the whole first.
        let cut = reference.find(['?', '#']).unwrap_or(reference.len());
        let (path, place, suffix) = [reference.len(), cut]
            .into_iter()
            .find_map(|end| {
                let (path, place) = self.find(&reference[..end], source)?;
                Some((path, place, &reference[end..]))
            })?;
        let wanted = match usage {
            Use::Show => &place.show,
            Use::Link => &place.link,
        };
        let unmoved = *wanted == path && source == target && !reference.contains(':');
        (!unmoved).then(|| format!("{}{}", relative(target, wanted), safe_suffix(suffix)))
    }

    fn find(&self, reference: &str, folder: &str) -> Option<(String, &Place)> {
        let local = local_part(reference)?;
        let decoded = percent_decode_str(local.path).decode_utf8_lossy();
        for path in [&*decoded, local.path] {
            if let Some(joined) = join(folder, path).filter(|_| !local.foreign) {
                let joined = normal(&joined);
                let folded = || self.folded.get(&joined.to_lowercase()).cloned().flatten();
                let exact = self.by_path.contains_key(&joined).then(|| joined.clone());
                if let Some(found) = exact.or_else(folded) {
                    return self.by_path.get(&found).map(|place| (found.clone(), place));
                }
            }
        }
        let name = normal(decoded.rsplit('/').next().unwrap_or_default()).to_lowercase();
        let found = self.by_name.get(&name).filter(|_| local.foreign).cloned().flatten()?;
        self.by_path.get(&found).map(|place| (found.clone(), place))
    }
}

/// What the page's own `<base href="raw">` means.
pub(super) fn base_tag(raw: &str, page: &Base) -> BaseTag {
    let decoded = decode_entities(raw.trim()).replace('\\', "/");
    let Base::Folder { source, target } = page else { return BaseTag::Stays(Base::Remote) };
    let Some(local) = local_part(&decoded) else { return BaseTag::Stays(Base::Remote) };
    if local.foreign {
        return BaseTag::Replaced;
    }
    let path = percent_decode_str(local.path).decode_utf8_lossy();
    // References are relative to the folder: what follows the last slash of a
    // base is a file name.
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    match (join(source, folder), join(target, folder)) {
        (Some(source), Some(target)) => BaseTag::Stays(Base::Folder { source, target }),
        _ => BaseTag::Replaced,
    }
}

/// The folder of a page.
pub(super) fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
}

struct Local<'a> {
    path: &'a str,
    /// An absolute path of some machine: only the name can tell.
    foreign: bool,
}

/// The path of a reference, unless it leads to the network, holds the data
/// itself, or is empty.
fn local_part(reference: &str) -> Option<Local<'_>> {
    let lower: String = reference.chars().take(8).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("file:") {
        return Some(Local { path: &reference[5..], foreign: true });
    }
    let scheme = reference.split(['/', '?', '#']).next().unwrap_or_default().split_once(':');
    match scheme {
        // `C:` is a drive, longer words are schemes.
        Some((drive, _)) if drive.len() == 1 => {
            return Some(Local { path: &reference[2..], foreign: true });
        }
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            return None;
        }
        _ => {}
    }
    if reference.is_empty() || reference.starts_with("//") {
        return None;
    }
    Some(Local { path: reference, foreign: reference.starts_with('/') })
}

fn place(plan: &Plan, id: MediumId, kind: MediaKind) -> Option<Place> {
    Some(match plan.actions.get(id.0 as usize)? {
        Action::Absent => return None,
        Action::Keep { path } => Place { show: path.clone(), link: path.clone() },
        Action::Replace { path, view, exported, .. } => {
            let edited = plan.pairings.get(id.0 as usize).is_some_and(|p| p.edit != Edit::None);
            let moving = matches!(kind, MediaKind::Video | MediaKind::Gif);
            let everywhere = ["mp4", "m4v"]
                .iter()
                .any(|known| names::split_extension(path).1.eq_ignore_ascii_case(known));
            // One attribute holds one file: the one that plays everywhere.
            let stays = edited || view.is_none() && !(moving && everywhere);
            let show = exported.as_ref().filter(|_| stays).or(view.as_ref()).unwrap_or(path);
            Place { show: show.clone(), link: path.clone() }
        }
    })
}

fn unique<'a>(
    keys: impl Iterator<Item = (String, &'a String)>,
) -> BTreeMap<String, Option<String>> {
    let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (key, path) in keys {
        let value = if found.contains_key(&key) { None } else { Some(path.clone()) };
        found.insert(key, value);
    }
    found
}

fn normal(path: &str) -> String {
    path.nfc().collect()
}

/// `folder/reference` without `.` and `..`; `None` if it leads out of the root.
fn join(folder: &str, reference: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `target` as seen from `folder`, percent-encoded.
fn relative(folder: &str, target: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = target.split('/').collect();
    let most = from.len().min(to.len() - 1);
    let shared = (0..most).take_while(|&index| from[index] == to[index]).count();
    let up = "../".repeat(from.len() - shared);
    format!("{up}{}", url_path(&to[shared..].join("/")))
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

/// Decodes the character references that exporters write.
fn decode_entities(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| entity(&tail[..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
        return code.and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => return None,
    })
}
