//! What a file beside a photo says, and to which of several photos that fits.

use super::names::Sidecar;
use super::noted::{Dated, Noted};
use super::{takeout, xmp};
use crate::model::{Features, TimeSource};

/// Reads a sidecar or note. `None`: it is none, or says nothing (the recipe of an edited
/// picture is known by its name alone).
#[must_use]
pub fn read(name: &str, bytes: &[u8]) -> Option<Noted> {
    match Sidecar::of(name)? {
        Sidecar::Xmp => xmp::read(bytes).map(beside),
        Sidecar::Takeout => takeout::read(bytes),
        Sidecar::Aae => None,
    }
}

/// What a packet says that stands in a file of its own: the picture was not changed by
/// the program that wrote it, and has no film there.
fn beside(mut noted: Noted) -> Noted {
    noted.metadata.edited = None;
    noted.film = None;
    let source = TimeSource::Sidecar;
    noted.dates = noted.dates.into_iter().map(|dated| Dated { source, ..dated }).collect();
    noted
}

/// To which of several files of one stem a sidecar belongs: the one that it names, or
/// the only one whose time it repeats. `None`: nothing tells.
#[must_use]
pub fn belongs(candidates: &[(&str, &Features)], sidecar: &Features) -> Option<usize> {
    let named = sidecar.metadata.as_ref().map_or(&[][..], |metadata| &metadata.names);
    let only = |fits: &dyn Fn(&str, &Features) -> bool| {
        let mut fitting =
            (0..candidates.len()).filter(|&at| fits(candidates[at].0, candidates[at].1));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let lower = |name: &str| name.to_lowercase();
    let ends = |name: &str, ending: &str| lower(name).ends_with(&lower(ending));
    let whole = |name: &str| named.iter().any(|known| lower(known) == lower(name));
    let ending = |name: &str| named.iter().any(|known| known.starts_with('.') && ends(name, known));
    // A name may have been cut before its ending.
    let stem = |name: &str| lower(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let begins = |name: &str| named.iter().any(|known| lower(known).starts_with(&stem(name)));
    let taken = |features: &Features| features.taken.is_some() && features.taken == sidecar.taken;
    only(&|name, _| whole(name))
        .or_else(|| only(&|name, _| ending(name)))
        .or_else(|| only(&|name, _| begins(name)))
        .or_else(|| only(&|_, features| taken(features)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Metadata, Taken};

    fn sidecar(names: &[&str], taken: Option<Taken>) -> Features {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let metadata = Metadata { names, ..Metadata::default() }.some();
        Features { metadata, taken, ..Features::new(Kind::Text) }
    }

    #[test]
    fn the_one_that_is_named_or_has_the_time() {
        let at = |second| Features { taken: Some(Taken::Wall(second)), ..Features::new(Kind::Raw) };
        let (early, late) = (at(1), at(9));
        let files = [("IMG_1.cr2", &early), ("IMG_1.jpg", &late)];
        let of =
            |names: &[&str], second| belongs(&files, &sidecar(names, Some(Taken::Wall(second))));
        assert_eq!(of(&["IMG_1.CR2"], 9), Some(0));
        assert_eq!(of(&[".jpg"], 1), Some(1));
        assert_eq!(of(&[], 9), Some(1));
        assert_eq!(of(&["other.cr2"], 5), None);
        let same = [("IMG_1.cr2", &early), ("IMG_1.jpg", &early)];
        assert_eq!(belongs(&same, &sidecar(&[], Some(Taken::Wall(1)))), None);
    }

    #[test]
    fn a_title_tells_names_apart_that_were_cut() {
        let features = Features::new(Kind::Jpeg);
        let front = "x".repeat(46);
        let names = [format!("{front}a.jpg"), format!("{front}b.jpg")];
        let files = [(names[0].as_str(), &features), (names[1].as_str(), &features)];
        let title = format!("{front}b and more.jpg");
        assert_eq!(belongs(&files, &sidecar(&[&title], None)), Some(1));
    }

    #[test]
    fn a_packet_of_its_own_proves_no_edit() {
        let packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF \
            xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description \
            xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='Adobe Lightroom' \
            xmlns:p='http://ns.adobe.com/photoshop/1.0/' p:DateCreated='2024-03-03T10:05:00'/>\
            </r:RDF></x:xmpmeta>";
        let found = read("a.xmp", packet).unwrap();
        assert_eq!(found.metadata.edited, None);
        assert_eq!(found.dates[0].source, TimeSource::Sidecar);
        assert_eq!(read("a.aae", packet), None);
        assert!(xmp::read(packet).unwrap().metadata.edited.is_some());
    }
}
