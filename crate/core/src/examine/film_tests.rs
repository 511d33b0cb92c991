//! Pictures of the fixtures' films.

use super::*;
use crate::settings::Limits;

/// The grey levels of a film's pictures at some seconds.
fn shown(name: &str, seconds: &[f64]) -> Vec<Plane> {
    let bytes = std::fs::read(format!("../../tests/fixtures/videos/{name}")).unwrap();
    let film = Film::of(&bytes, &Limits::default()).unwrap();
    let mut player = Player::new(film, seconds, 0).unwrap();
    while player.left() > 0 {
        player.step(&bytes, 10).unwrap_or_else(|Broken| panic!("{name} is not decoded"));
    }
    player.shown.into_iter().map(|planes| planes.into_iter().next().unwrap()).collect()
}

/// RMS of the difference in grey levels.
fn apart(one: &Plane, other: &Plane) -> f64 {
    assert_eq!(one.size(), other.size());
    let square = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b)).powi(2);
    let sum: f64 = one.grey.iter().zip(&other.grey).map(square).sum();
    (sum / one.grey.len() as f64).sqrt()
}

#[test]
fn a_moment_of_a_film_is_the_same_picture_in_both_codecs() {
    // Behind the start, before a key and behind one, and at the end.
    let seconds = [0.3, 2.4, 2.6, 4.9, 7.8];
    let (one, other) = (shown("made-sound.mp4", &seconds), shown("made-hevc.mp4", &seconds));
    for (at, (a, b)) in seconds.iter().zip(one.iter().zip(&other)) {
        let own = apart(a, b);
        // The test picture moves: a tenth of a second later it is another one.
        let next = &shown("made-sound.mp4", &[at + 0.1])[0];
        assert!(own < 6.0, "{own} at {at}");
        assert!(own * 2.0 < apart(next, b), "{own} against {} at {at}", apart(next, b));
    }
}
