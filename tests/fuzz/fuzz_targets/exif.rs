//! Any bytes as EXIF from its TIFF header on.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::exif);
