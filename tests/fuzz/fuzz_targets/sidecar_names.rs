//! Any bytes as the names of a folder.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::sidecar_names);
