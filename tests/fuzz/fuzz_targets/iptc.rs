//! Any bytes as IPTC's data sets, and as the resources that hold them.

#![cfg_attr(fuzzing, no_main)]

heirloom_fuzz::target!(heirloom_core::fuzz::iptc);
