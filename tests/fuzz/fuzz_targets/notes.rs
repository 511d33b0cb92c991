//! Any bytes as what the catalogue holds.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::notes);
