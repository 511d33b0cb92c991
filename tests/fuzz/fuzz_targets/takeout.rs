//! Any bytes as a note of Google's Takeout.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::takeout);
