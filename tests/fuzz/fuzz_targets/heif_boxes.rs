//! Any bytes as the container of an HEIC.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::heif_boxes);
