//! Any bytes as an XMP packet.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::xmp);
