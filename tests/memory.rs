//! What a run has allocated is given back when it ends: a page is left open for days, and
//! chats have thousands of files.

// All of this file is a test, its helpers included.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use heirloom_core::progress::Advance;
use heirloom_core::settings::Settings;
use heirloom_media::recipe::Recipe;
use heirloom_media::{build, memory};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes that may stay: what libraries set up once, thread by thread.
const ONCE: usize = 64 * 1024;

/// Looks at a case from its first byte to its report.
fn run(case: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(case).join("case.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let built = build::build(&Recipe::parse(&text).unwrap()).unwrap();
    let mut job = memory::job(&built.chat, &built.originals, Settings::default());
    while let Advance::Working(_) = job.advance().unwrap() {}
    assert!(!job.report().mapping_json.is_empty());
}

/// Pictures of films were kept for good: 40 MB of each pair of videos. One test, so that no
/// other one allocates meanwhile.
#[test]
fn a_run_gives_back_what_it_allocated() {
    for case in ["videos_with_sound", "videos", "documents_and_stickers"] {
        run(case);
        let before = HEAP.current_usage();
        run(case);
        let kept = HEAP.current_usage().saturating_sub(before);
        assert!(kept <= ONCE, "{case}: {kept} bytes are kept");
    }
}
