//! Any bytes as zips: their directory and their first entries.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::zip);
