//! The real program, killed at random moments of a run over a real folder.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use heirloom_core::plan::trash::TRASH;

use super::real::{Real, What};

/// Numbers that look random and are the same in every run.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    println!("seed {seed}");
    let mut state = seed;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

/// Units of one and two files, every third on the other storage; what goes.
fn filled(mut real: Real, groups: usize) -> (Real, Vec<String>) {
    let mut goes = Vec::new();
    for group in 0..groups {
        let storage = if real.other.is_some() && group % 3 == 0 { "other/" } else { "" };
        let path = |unit: &str, ending: &str| {
            format!("{storage}{unit}/{}/IMG_{group}.{ending}", group % 5)
        };
        let units =
            [[path("keep", "jpg"), path("keep", "mov")], [path("old", "jpg"), path("old", "mov")]];
        for path in units.iter().flatten() {
            // Each file has its own bytes, so that a lost one is missed.
            real.put(path, path.repeat(2000).as_bytes());
        }
        let units = units.each_ref().map(|unit| unit.each_ref().map(String::as_str));
        real.group(&[&units[0], &units[1]]);
        goes.extend(units[1].map(str::to_owned));
    }
    (real, goes)
}

/// Starts a command and kills it after a while; whether it was still running.
fn killed(mut command: Command, after: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap_or_default();
    child.wait().unwrap();
    running
}

fn timed(mut command: Command) -> Duration {
    let start = Instant::now();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", super::program::said(&output));
    start.elapsed()
}

fn restore_command(real: &Real) -> Command {
    let mut command = real.command();
    command.arg("restore").arg(real.root().join(TRASH));
    command
}

/// Each unit is where it was or in the trash, whole, and what stays is there.
#[track_caller]
fn is_settled(real: &Real, goes: &[String], before: &BTreeMap<String, What>, when: &str) {
    real.holds(before, when);
    assert!(!real.is_under_way(), "{when}");
    let now = real.tree();
    for unit in goes.chunks(2) {
        let home = unit.iter().filter(|file| now.contains_key(*file)).count();
        assert!(home == 0 || home == 2, "{when}: {unit:?}");
    }
    assert!(now.keys().all(|path| before.contains_key(path)), "{when}: {now:?}");
}

fn rounds() -> usize {
    if std::env::var_os("HEIRLOOM_TEST_ALL").is_some() { 200 } else { 25 }
}

fn check_killed(real: Real, groups: usize, seed: u64) {
    let (real, goes) = filled(real, groups);
    let goes_words: Vec<&str> = goes.iter().map(String::as_str).collect();
    let before = real.tree();
    // Once to know how long they take.
    let took = timed(real.trash_command(&goes_words));
    let back = timed(restore_command(&real));
    assert_eq!(real.tree(), before);
    let (mut cut, mut random) = (0, numbers(seed));
    let mut moment = move |of: Duration| of.mul_f64(random.next().unwrap() as f64 % 1000.0 / 900.0);
    for round in 0..rounds() {
        let after = moment(took);
        let when = format!("in round {round}, killed after {after:?} of {took:?}");
        cut += usize::from(killed(real.trash_command(&goes_words), after));
        real.holds(&before, &when);
        // The next start settles it, and is killed as well, or is a restore at once.
        if round % 3 > 0 {
            cut += usize::from(killed(restore_command(&real), moment(back)));
            real.holds(&before, &format!("{when}, then again"));
        }
        if round % 2 == 0 {
            // A run of nothing settles it: its file is not there.
            let output = real.trash_command(&goes_words[..2]).output().unwrap();
            assert!(
                output.status.code().is_some_and(|code| code < 2),
                "{}",
                super::program::said(&output)
            );
            is_settled(&real, &goes, &before, &when);
        }
        real.restore(0);
        assert_eq!(real.tree(), before, "{when}");
        is_settled(&real, &goes, &before, &when);
        std::fs::remove_dir_all(real.root().join(TRASH)).unwrap_or_default();
    }
    println!("{cut} runs were killed while they ran");
    assert!(cut > rounds() / 3, "{cut}");
}

#[test]
fn a_run_killed_at_any_moment_is_settled_by_the_next() {
    check_killed(Real::new(), 40, 20_261_201);
}

#[test]
fn a_run_over_two_storages_killed_at_any_moment_is_settled_by_the_next() {
    match Real::on_two_storages() {
        Some(real) => check_killed(real, 40, 7),
        None => println!("no second storage can be had here"),
    }
}
