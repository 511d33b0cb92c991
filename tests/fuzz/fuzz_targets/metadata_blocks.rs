//! Any bytes as a PNG, TIFF or WebP with metadata.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::metadata_blocks);
