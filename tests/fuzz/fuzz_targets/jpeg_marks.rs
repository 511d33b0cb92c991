//! Any bytes as the segments of a JPEG.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::jpeg_marks);
