//! Any bytes as pages of other exporters, read and rewritten.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::html);
