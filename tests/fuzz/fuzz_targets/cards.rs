//! Any bytes as contact cards, polls and events.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::cards);
