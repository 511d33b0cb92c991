//! Any bytes as Apple's maker note.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::maker_note);
