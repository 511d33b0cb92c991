use super::*;

/// A bright disc in the dark, seen through a cut.
fn moon(from: f64, to: f64) -> Miniature {
    let level = |at: usize| {
        let place = |at: usize| from + (to - from) * (at as f64 + 0.5) / Miniature::EDGE as f64;
        let (x, y) = (place(at % Miniature::EDGE) - 0.5, place(at / Miniature::EDGE) - 0.5);
        if x.hypot(y) < 0.11 { 210 } else { 6 }
    };
    Miniature((0..Miniature::EDGE * Miniature::EDGE).map(level).collect())
}

#[test]
fn a_crop_is_found_whose_picture_lies_in_a_few_cells() {
    let (whole, part) = (moon(0.0, 1.0), moon(0.07, 0.97));
    let size = Size::square(1600);
    let wanted = [Wanted { miniature: &part, size }];
    let found = search(&wanted, &[Original { unit: UnitId(3), miniature: &whole, size }]);
    // As it is and mirrored, for a disc is even.
    assert!(found[0].iter().any(|found| found.unit == UnitId(3) && !found.guess.mirrored));
}

/// Soft shapes, each another one.
fn shapes(count: u64) -> Vec<Miniature> {
    let level = |seed: u64, at: usize| {
        let (x, y) = ((at % Miniature::EDGE) as f64, (at / Miniature::EDGE) as f64);
        let wave = |by: u64| (seed * by % 17 + 3) as f64 / 31.0;
        (128.0 + 60.0 * (x * wave(7)).sin() + 60.0 * (y * wave(11)).cos()) as u8
    };
    let shape = |seed| (0..Miniature::EDGE * Miniature::EDGE).map(|at| level(seed, at)).collect();
    (0..count).map(|seed| Miniature(shape(seed))).collect()
}

#[test]
fn one_call_looks_at_no_more_than_it_may_however_much_is_searched() {
    let (pictures, library) = (shapes(20), shapes(1500));
    let size = Size::new(1600, 1200);
    let wanted = |at: usize| Wanted { miniature: &pictures[at], size };
    let unit = |at: usize| UnitId(at as u32 * 3);
    let original = |at: usize| Original { unit: unit(at), miniature: &library[at], size };
    let mut search = Search::new(pictures.len(), library.len());
    search.side = 8;
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let (mut found, mut before, mut calls) = (Vec::new(), 0, 0);
    while !search.finished() {
        let looked = two.install(|| search.run(wanted, original));
        assert!(looked.looks <= LOOKS * 2, "{} looks in one call", looked.looks);
        let (done, total) = search.progress();
        assert!(before <= done && done <= total && total == pictures.len() as u64);
        (before, calls) = (done, calls + 1);
        found.extend(looked.found);
    }
    assert_eq!(before, pictures.len() as u64);
    assert!(calls > 20, "{calls} calls for all of it");
    let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, (0..pictures.len()).collect::<Vec<_>>());
    // Beside each picture alone the same is found: no call's end matters.
    for at in (0..pictures.len()).step_by(7) {
        let alone = search_one(&pictures[at], &library, size);
        assert_eq!(found[at].1, alone, "picture {at}");
    }
    assert!(found.iter().any(|(_, found)| found.len() > 1));
}

#[test]
fn a_large_library_is_sifted_and_what_was_cut_is_found_in_it() {
    let mut library = shapes(700);
    let part = library[400].clone();
    // The lower right nine tenths, as a viewer would cut it.
    let edge = Miniature::EDGE;
    let level = |at: usize| {
        let place = |at: usize| ((at as f64 + 0.5) * 0.9 + edge as f64 * 0.1) as usize;
        part.0[place(at / edge) * edge + place(at % edge)]
    };
    let cut = Miniature((0..edge * edge).map(level).collect());
    library.rotate_left(37);
    let size = Size::new(1600, 1200);
    let original = |at: usize| Original { unit: UnitId(at as u32), miniature: &library[at], size };
    let mut search = Search::sifting(3, library.len());
    assert!(search.sifts && !Search::sifting(3, NEAREST).sifts);
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let mut found = Vec::new();
    let mut looks = 0;
    while !search.finished() {
        let wanted = |_: usize| Wanted { miniature: &cut, size };
        let looked = two.install(|| search.run(wanted, original));
        assert!(looked.looks <= LOOKS * 2, "{} looks in one call", looked.looks);
        looks += looked.looks;
        found.extend(looked.found);
    }
    assert_eq!(search.progress(), (3, 3));
    for (_, found) in &found {
        // Every seventeenth shape is the same.
        assert!(!found.is_empty());
        assert!(found.iter().all(|found| found.unit.0 % 17 == 363 % 17), "{found:?}");
    }
    assert!(looks < 700 * (WINDOWS + 3) + 3 * LOOKED_AT * CLOSER * 2, "{looks}");
}

fn search_one(picture: &Miniature, library: &[Miniature], size: Size) -> Vec<Found> {
    let originals: Vec<Original<'_>> = (0u32..)
        .zip(library)
        .map(|(at, miniature)| Original { unit: UnitId(at * 3), miniature, size })
        .collect();
    search(&[Wanted { miniature: picture, size }], &originals).remove(0)
}
