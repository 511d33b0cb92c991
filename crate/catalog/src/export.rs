//! The whole catalogue as JSON, for people and other programs.

use std::io::{self, Write};

use heirloom_core::memory::Shelf;
use redb::ReadableDatabase;

use crate::Catalogue;
use crate::volume::{Part, table};

/// The format's version; it changes when a key changes its meaning.
const VERSION: u32 = 1;

impl Catalogue {
    /// Writes everything that is remembered: `version`, `runs`, and an object
    /// for each shelf with its notes by name. Damaged notes are left out.
    ///
    /// # Errors
    /// The catalogue cannot be read, or `out` refuses bytes.
    pub fn export(&self, out: &mut dyn Write) -> io::Result<()> {
        let runs = serde_json::to_string(&self.runs().map_err(io::Error::other)?)?;
        write!(out, "{{\n\"version\": {VERSION},\n\"runs\": {runs}")?;
        for shelf in self.shelves() {
            write!(out, ",\n\"{}\": {{", shelf.name)?;
            self.export_shelf(shelf, out)?;
            write!(out, "\n}}")?;
        }
        writeln!(out, "\n}}")
    }

    fn export_shelf(&self, shelf: &Shelf, out: &mut dyn Write) -> io::Result<()> {
        let Some(volume) = self.volume(Part::of(shelf)) else { return Ok(()) };
        let transaction = volume.database.borrow().begin_read().map_err(io::Error::other)?;
        let table = transaction.open_table(table(shelf)).map_err(io::Error::other)?;
        let mut first = true;
        for row in table.range::<&[u8]>(..).map_err(io::Error::other)? {
            let (key, note) = row.map_err(io::Error::other)?;
            let Some(json) = (shelf.json)(note.value()) else { continue };
            out.write_all(if first { b"\n\"" } else { b",\n\"" })?;
            for byte in key.value() {
                write!(out, "{byte:02x}")?;
            }
            write!(out, "\": {json}")?;
            first = false;
        }
        Ok(())
    }
}
