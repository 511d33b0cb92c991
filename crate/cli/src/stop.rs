//! Ctrl-C, and the system's request to end: what is half written is removed first.

use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use signal_hook::{consts::SIGTERM, iterator::Signals};

/// The exit code that shells expect of an interrupted program: 128 + `SIGINT`.
pub const EXIT: u8 = 130;

/// Whether something on the disk must be removed before the program ends.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Whether the run was asked to end.
static ASKED: AtomicBool = AtomicBool::new(false);

/// On a request to end, ends the program at once while there is nothing to remove;
/// later it only notes the request, for [`asked`]. A second request ends it in any
/// case.
///
/// Where Ctrl-C is ignored already (a background job), that stays.
pub fn listen() {
    // Without a handler a stop leaves the unfinished folder to the next run.
    ctrlc::try_set_handler(heard).unwrap_or_default();
    #[cfg(unix)]
    if let Ok(mut ends) = Signals::new([SIGTERM]) {
        std::thread::spawn(move || ends.forever().for_each(|_| heard()));
    }
}

fn heard() {
    let again = ASKED.swap(true, Ordering::SeqCst);
    if again || !WRITING.load(Ordering::SeqCst) {
        exit(i32::from(EXIT));
    }
}

/// From now on a stop waits until [`asked`] is looked at.
pub fn hold() {
    WRITING.store(true, Ordering::SeqCst);
}

/// Whether the run was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
