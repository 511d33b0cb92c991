//! Works side by side, and says what is going on: a first build takes minutes.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// One piece of work and its name.
pub(crate) type Work<'a> = (&'static str, &'a (dyn Fn() -> Outcome + Sync));

/// How long nothing may be said.
const SILENCE: Duration = Duration::from_secs(15);

/// Does all of it at the same time.
///
/// # Errors
/// The first failure, told at once and returned when all have ended.
pub(crate) fn side_by_side(work: &[Work<'_>]) -> Outcome {
    let began = Instant::now();
    let mut open: Vec<&str> = work.iter().map(|(name, _)| *name).collect();
    println!("build: {}", open.join(", "));
    let (tell, told) = channel();
    thread::scope(|scope| {
        for (name, does) in work {
            let tell = tell.clone();
            scope.spawn(move || tell.send((*name, does())));
        }
        drop(tell);
        let mut first = Ok(());
        loop {
            let seconds = || began.elapsed().as_secs();
            match told.recv_timeout(SILENCE) {
                Ok((name, done)) => {
                    open.retain(|other| *other != name);
                    match &done {
                        Ok(()) => println!("build: {name}: done after {} s", seconds()),
                        Err(sentence) => println!("build: {name}: {sentence}"),
                    }
                    first = first.and(done);
                }
                Err(RecvTimeoutError::Timeout) => {
                    println!("build: still at {} ({} s)", open.join(", "), seconds());
                }
                Err(RecvTimeoutError::Disconnected) if open.is_empty() => return first,
                Err(RecvTimeoutError::Disconnected) => {
                    return first.and(Err(format!("{} ended without a word", open.join(", "))));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_returned_and_the_rest_is_done() {
        let done = std::sync::atomic::AtomicBool::new(false);
        let good = || -> Outcome {
            done.store(true, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        };
        let failed = side_by_side(&[("good", &good), ("bad", &|| Err("no".to_owned()))]);
        assert_eq!(failed, Err("no".to_owned()));
        assert!(done.into_inner());
        assert_eq!(side_by_side(&[("good", &|| Ok(()))]), Ok(()));
    }
}
