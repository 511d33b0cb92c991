//! Runs a fuzz target: under `cargo fuzz` by libFuzzer, else by a plain loop that
//! changes the seeds at random, which needs neither nightly nor a C++ compiler.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// An input that takes longer than this is a fault, too.
const SLOW: Duration = Duration::from_secs(4);

/// Seeds larger than this are cut.
const LONGEST: usize = 256 << 10;

/// Makes the function a fuzz target.
#[macro_export]
macro_rules! target {
    ($parse:path) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $parse(bytes));

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::main($parse)
        }
    };
}

/// `SECONDS SEED…`: changes the seeds (files or folders) for so long and feeds them.
/// A fault is printed, and its input kept as `fault-….bin` in the current folder.
#[must_use]
pub fn main(parse: fn(&[u8])) -> ExitCode {
    let mut words = std::env::args().skip(1);
    let seconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let seeds: Vec<Vec<u8>> = words.flat_map(|word| files(Path::new(&word))).collect();
    let mut faults = seeds.iter().filter(|seed| !holds(parse, seed)).count();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (start, mut runs) = (Instant::now(), seeds.len());
    while start.elapsed() < Duration::from_secs(seconds) && faults < 10 {
        let input = dice.changed(&seeds);
        faults += usize::from(!holds(parse, &input));
        runs += 1;
    }
    println!("{runs} inputs, {faults} faults");
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether an input is read without a panic and in time.
fn holds(parse: fn(&[u8]), input: &[u8]) -> bool {
    let start = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| parse(input)));
    let took = start.elapsed();
    if done.is_ok() && took < SLOW {
        return true;
    }
    let sum = input.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31) ^ u64::from(*byte));
    let name = format!("fault-{sum:016x}.bin");
    let kept = std::fs::File::create(&name).and_then(|mut file| file.write_all(input));
    println!("{name}: {} bytes, {took:?}, panic: {}, kept: {kept:?}", input.len(), done.is_err());
    false
}

/// The bytes of a file, or of all files in a folder.
fn files(path: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(path) {
        Ok(folder) => folder.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => vec![path.to_owned()],
    };
    paths.sort();
    let read = |path: PathBuf| {
        let mut bytes = std::fs::read(path).ok()?;
        bytes.truncate(LONGEST);
        Some(bytes)
    };
    paths.into_iter().filter_map(read).collect()
}

/// xorshift64*: the same run everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % most.max(1)
    }

    /// A seed with a few bytes, runs or numbers changed; most changes near the front,
    /// where the structure of most files is.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = match seeds.len() {
            0 => (0..self.below(200)).map(|_| self.below(256) as u8).collect(),
            count => seeds[self.below(count)].clone(),
        };
        for _ in 0..=self.below(12) {
            let span = [64, 1024, usize::MAX][self.below(3)].min(input.len());
            let at = self.below(span);
            self.change(&mut input, at);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, at: usize) {
        const TELLING: [&[u8]; 8] = [
            &[0xFF; 4],
            &[0; 4],
            &[0x7F, 0xFF, 0xFF, 0xFF],
            &[0xFF, 0xD8, 0xFF],
            &[0, 0, 0, 1],
            &[1, 0, 0, 0],
            b"moov",
            b"\r\n",
        ];
        match self.below(7) {
            0 => input.truncate(at),
            1 => input.insert(at, self.below(256) as u8),
            2 => {
                let length = self.below(64).min(input.len() - at);
                let copied = input[at..at + length].to_vec();
                let place = self.below(input.len() + 1);
                input.splice(place..place, copied);
            }
            3 => drop(input.drain(at..(at + self.below(64)).min(input.len()))),
            4 => {
                let telling = TELLING[self.below(TELLING.len())];
                let end = (at + telling.len()).min(input.len());
                input.splice(at..end, telling.iter().copied());
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
        }
    }
}
