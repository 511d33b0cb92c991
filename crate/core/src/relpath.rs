//! Paths below a folder, as documents, plans and manifests write them: names parted
//! by `/`, and bytes of a name that are no UTF-8 as `\xNN`.

use std::fmt::{self, Write};

/// A path that cannot leave the folder it is looked up in: no `..`, no root, no
/// empty name. Written in one way only, so that equal paths are equal texts.
///
/// A backslash is a letter like any other here. Where it parts folders, the host
/// refuses a name that has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

/// Why a text is no [`RelPath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// There is nothing, or nothing between two slashes.
    #[error("it has an empty name")]
    Empty,
    /// It begins at a root.
    #[error("it is no path below the folder")]
    Absolute,
    /// `.` or `..`
    #[error("it leads out of the folder")]
    Dots,
    /// A zero byte.
    #[error("it has a zero byte")]
    Zero,
    /// Bytes written as `\xNN` that are written otherwise.
    #[error("it is not written as Heirloom writes it")]
    Spelling,
}

impl RelPath {
    /// Reads a path.
    ///
    /// # Errors
    /// It is none, or leads out of the folder.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        if text.starts_with('/') {
            return Err(BadPath::Absolute);
        }
        text.split('/').try_for_each(|name| {
            let bytes = bytes(name);
            check(&bytes)?;
            if spelled(&bytes) == name { Ok(()) } else { Err(BadPath::Spelling) }
        })?;
        Ok(Self(text.to_owned()))
    }

    /// The path of these names, each as its bytes.
    ///
    /// # Errors
    /// A name is empty, `.` or `..`, or has a slash or a zero byte.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, BadPath> {
        let mut text = String::new();
        for name in names {
            check(name)?;
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(&spelled(name));
        }
        if text.is_empty() { Err(BadPath::Empty) } else { Ok(Self(text)) }
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its names as they are written; at least one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The bytes of its names; at least one.
    #[must_use]
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        self.names().map(bytes).collect()
    }

    /// Its first name, and what is below that.
    #[must_use]
    pub fn below_first(&self) -> Option<(&str, Self)> {
        let (first, rest) = self.0.split_once('/')?;
        Some((first, Self(rest.to_owned())))
    }

    /// The same path below another one.
    #[must_use]
    pub fn below(&self, folder: &Self) -> Self {
        Self(format!("{}/{}", folder.0, self.0))
    }

    /// The path with another last name, given as bytes.
    ///
    /// # Errors
    /// As [`RelPath::of_names`].
    pub fn renamed(&self, name: &[u8]) -> Result<Self, BadPath> {
        check(name)?;
        let name = spelled(name);
        Ok(Self(match self.0.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name,
        }))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name as it is written. A backslash that would be read as the beginning of
/// `\xNN` is written so itself.
#[must_use]
pub fn spelled(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        let valid = chunk.valid();
        for (at, letter) in valid.char_indices() {
            if escaped(&valid.as_bytes()[at..]).is_some() {
                text.push_str("\\x5c");
            } else {
                text.push(letter);
            }
        }
        for byte in chunk.invalid() {
            // Writing into a text cannot fail.
            write!(text, "\\x{byte:02x}").unwrap_or_default();
        }
    }
    text
}

/// The bytes of a written name.
fn bytes(name: &str) -> Vec<u8> {
    let mut left = name.as_bytes();
    let mut bytes = Vec::with_capacity(left.len());
    while let Some((&first, rest)) = left.split_first() {
        match escaped(left) {
            Some(byte) => {
                bytes.push(byte);
                left = &left[4..];
            }
            None => {
                bytes.push(first);
                left = rest;
            }
        }
    }
    bytes
}

/// The byte that a text beginning with `\xNN` stands for.
fn escaped(text: &[u8]) -> Option<u8> {
    let &[b'\\', b'x', high, low, ..] = text else { return None };
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}

fn check(name: &[u8]) -> Result<(), BadPath> {
    match name {
        [] => Err(BadPath::Empty),
        b"." | b".." => Err(BadPath::Dots),
        _ if name.contains(&0) => Err(BadPath::Zero),
        _ if name.contains(&b'/') => Err(BadPath::Spelling),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<BadPath>) {
        assert_eq!(RelPath::parse(text).err(), want, "{text:?}");
    }

    #[test]
    fn a_path_stays_inside_its_folder() {
        for inside in
            ["a", "a/b.jpg", "...", "a../b", " a ", "new\nline", "-rf", "a\\b", "C:", "\\x"]
        {
            check(inside, None);
        }
        for (outside, why) in [
            ("", BadPath::Empty),
            ("a//b", BadPath::Empty),
            ("a/", BadPath::Empty),
            ("/a", BadPath::Absolute),
            ("..", BadPath::Dots),
            ("a/../b", BadPath::Dots),
            ("./a", BadPath::Dots),
            ("a\0", BadPath::Zero),
        ] {
            check(outside, Some(why));
        }
    }

    #[test]
    fn no_way_to_write_bytes_hides_where_a_path_leads() {
        check("\\x2e\\x2e/a", Some(BadPath::Dots));
        for text in ["\\x41", "a\\x2fb", "\\xc3\\xa9"] {
            check(text, Some(BadPath::Spelling));
        }
        check("\\x00", Some(BadPath::Zero));
        check("\\xff.jpg", None);
        check("\\x5cxff.jpg", None);
    }

    #[test]
    fn every_name_is_read_as_it_was_written() {
        let names: [&[u8]; 9] = [
            b"a.jpg",
            b"\xff.jpg",
            b"\\xff.jpg",
            b"\\\xff",
            b"\\x4\xff",
            b"\\x5c",
            b"\xc3\xa9\xc3",
            b"back\\slash",
            b"\\x5cxff",
        ];
        let mut written = std::collections::BTreeSet::new();
        for name in names {
            let path = RelPath::of_names([name, b"x"]).unwrap();
            assert_eq!(RelPath::parse(path.as_str()), Ok(path.clone()));
            assert_eq!(path.bytes(), [name.to_vec(), b"x".to_vec()], "{path}");
            assert!(written.insert(path));
        }
    }
}
