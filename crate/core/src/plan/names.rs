//! Output names: safe on every system, without collisions.
