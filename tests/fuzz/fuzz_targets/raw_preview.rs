//! Any bytes as the previews of a camera raw.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::raw_preview);
