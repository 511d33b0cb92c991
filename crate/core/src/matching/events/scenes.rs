//! Pictures that two cameras took of one scene, by their looks: what they show of each
//! other's clock. A pair proves nothing alone; `clocks.rs` asks many.

use std::collections::BTreeMap;

use crate::matching::evidence::residual;
use crate::matching::link::fingerprints::Fingerprints;
use crate::matching::units::UnitId;
use crate::model::{Fingerprint, Miniature};

/// Most bits (of 64) by which the fingerprints of one scene from two hands differ. Fifteen
/// pairs of cases, taken a hand's breadth apart, differed by 2 to 10, strangers by 20 at
/// least; people move more.
const BITS: u32 = 16;
/// The same where there are so many that strangers would come near, and an index looks at
/// many words for each bit.
const BITS_OF_MANY: u32 = 11;
/// Most of a picture's contrast that its miniature may differ by after a fit: the two are
/// then correlated by 0.8. The pairs above left 0.13 to 0.45, strangers 0.8 at least.
const LEFT: f64 = 0.6;
/// Least contrast (standard deviation of grey levels) of a picture that looks like
/// anything: below it all are alike. As for duplicates.
const CONTRAST: f32 = 8.0;
/// Most pictures that one is paired with, the nearest first: one that looks like more says
/// nothing. Chosen, not measured.
const MOST_ALIKE: usize = 12;
/// Pictures from which on an index pays: each is searched once. The scan of n takes n²
/// comparisons of 2 ns; at this many some seconds.
const SCANNED: usize = 30_000;

/// What a file looks like, and which camera took it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// Its place among the facts.
    pub at: usize,
    /// Whose camera: files of one are never paired.
    pub camera: (&'a str, Option<&'a str>),
    pub print: Fingerprint,
    pub miniature: &'a Miniature,
}

/// Pairs of files that look like one scene, each once, of different cameras or of bodies
/// that nothing tells apart.
#[must_use]
pub(crate) fn alike(looks: &[Look<'_>]) -> Vec<(usize, usize)> {
    let looks: Vec<&Look<'_>> =
        looks.iter().filter(|look| look.print.contrast >= CONTRAST).collect();
    let Some(common) = commonest(&looks) else { return Vec::new() };
    let known: Vec<(u64, UnitId)> =
        (0..).map(UnitId).zip(&looks).map(|(id, look)| (look.print.p64, id)).collect();
    let (prints, bits) = match known.len() <= SCANNED {
        true => (Fingerprints::scanned(known), BITS),
        false => (Fingerprints::indexed(known), BITS_OF_MANY),
    };
    let mut pairs = Vec::new();
    // What the commonest camera took is found from the other side.
    for own in looks.iter().filter(|look| look.camera != common) {
        let mut near = prints.within(own.print.p64, bits);
        near.retain(|(id, _)| looks[id.0 as usize].camera != own.camera);
        near.sort_by_key(|(id, bits)| (*bits, *id));
        if near.len() > MOST_ALIKE {
            continue;
        }
        for (id, _) in near {
            let other = looks[id.0 as usize];
            let levels = residual::coarse(own.miniature, other.miniature);
            let most = LEFT * f64::from(own.print.contrast);
            if levels.is_some_and(|levels| levels <= most) {
                pairs.push((own.at.min(other.at), own.at.max(other.at)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The camera with most pictures; `None`: there is only one.
fn commonest<'a>(looks: &[&Look<'a>]) -> Option<(&'a str, Option<&'a str>)> {
    let mut counted = BTreeMap::<(&str, Option<&str>), usize>::new();
    for look in looks {
        *counted.entry(look.camera).or_default() += 1;
    }
    let most = counted.iter().max_by_key(|(camera, count)| (**count, std::cmp::Reverse(**camera)));
    most.map(|(camera, _)| *camera).filter(|_| counted.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes::Random;

    fn miniature(random: &mut Random) -> Miniature {
        let edge = Miniature::EDGE;
        Miniature((0..edge * edge).map(|_| (random.unit() * 200.0) as u8).collect())
    }

    /// Looks of these cameras, fingerprints and miniatures; the contrast is that of noise.
    #[track_caller]
    fn check(of: &[(&'static str, u64, &Miniature, f32)], want: &[(usize, usize)]) {
        let look = |(at, &(camera, p64, miniature, contrast)): (usize, &(_, _, _, _))| Look {
            at,
            camera: (camera, None),
            print: Fingerprint { p64, contrast },
            miniature,
        };
        let looks: Vec<Look<'_>> = of.iter().enumerate().map(look).collect();
        assert_eq!(alike(&looks), want);
    }

    #[test]
    fn two_cameras_of_one_scene_are_paired() {
        let mut random = Random(5);
        let (scene, stranger) = (miniature(&mut random), miniature(&mut random));
        let noisy = Miniature(scene.0.iter().map(|level| level ^ 0b111).collect());
        let phone = ("phone", 0u64, &scene, 58.0);
        check(&[phone, phone, ("camera", 0b111, &noisy, 58.0)], &[(0, 2), (1, 2)]);
        // One camera, another picture, a fingerprint far off, a plain picture.
        check(&[phone, ("phone", 0, &noisy, 58.0)], &[]);
        check(&[phone, phone, ("camera", 0b111, &stranger, 58.0)], &[]);
        check(&[phone, phone, ("camera", u64::MAX >> 40, &noisy, 58.0)], &[]);
        check(&[phone, phone, ("camera", 0b111, &noisy, 5.0)], &[]);
    }

    #[test]
    fn what_looks_like_too_many_says_nothing() {
        let scene = miniature(&mut Random(5));
        let mut looks = vec![("phone", 0, &scene, 58.0); MOST_ALIKE + 1];
        looks.push(("camera", 0, &scene, 58.0));
        check(&looks, &[]);
    }
}
