//! How an exported picture or video was changed before it was sent.

/// One kind of change. The order is that in which they are named: what was hidden
/// first, because it decides what becomes of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// A part was pixelated, blurred or painted over to hide it.
    Cover,
    /// Something drawn or written on it.
    Drawing,
    /// A part of the picture.
    Crop,
    /// Turned by a quarter or a half.
    Turn,
    /// Left and right swapped.
    Mirror,
    /// Colours changed.
    Filter,
    /// A video of which only a part was sent.
    Trim,
}

impl Edit {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Cover,
        Self::Drawing,
        Self::Crop,
        Self::Turn,
        Self::Mirror,
        Self::Filter,
        Self::Trim,
    ];

    /// Its word in `mapping.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Drawing => "drawing",
            Self::Crop => "crop",
            Self::Turn => "turn",
            Self::Mirror => "mirror",
            Self::Filter => "filter",
            Self::Trim => "trim",
        }
    }

    /// Its bit in [`Edits`].
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Every kind of change that was found. Empty: not changed, only made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Edits(u8);

impl Edits {
    /// Not changed.
    pub const EMPTY: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, edit: Edit) -> Self {
        Self(self.0 | edit.bit())
    }

    /// Whether a change is among them.
    #[must_use]
    pub const fn contains(self, edit: Edit) -> bool {
        self.0 & edit.bit() != 0
    }

    /// Whether nothing was changed.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The changes in their order.
    pub fn iter(self) -> impl Iterator<Item = Edit> {
        Edit::ALL.into_iter().filter(move |&edit| self.contains(edit))
    }

    /// The first of them.
    #[must_use]
    pub fn first(self) -> Option<Edit> {
        self.iter().next()
    }
}

impl From<Edit> for Edits {
    fn from(edit: Edit) -> Self {
        Self::EMPTY.with(edit)
    }
}

impl FromIterator<Edit> for Edits {
    fn from_iter<I: IntoIterator<Item = Edit>>(edits: I) -> Self {
        edits.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_in_their_order_and_once() {
        let edits: Edits =
            [Edit::Filter, Edit::Crop, Edit::Cover, Edit::Crop].into_iter().collect();
        assert_eq!(edits.iter().collect::<Vec<_>>(), [Edit::Cover, Edit::Crop, Edit::Filter]);
        assert_eq!(edits.first(), Some(Edit::Cover));
        assert!(edits.contains(Edit::Crop) && !edits.contains(Edit::Drawing));
        assert!(!edits.is_empty() && Edits::default().is_empty());
        assert_eq!((Edits::EMPTY.first(), Edits::EMPTY.iter().count()), (None, 0));
    }

    #[test]
    fn every_change_is_another_one() {
        assert!(Edit::ALL.is_sorted_by(|one, next| one < next));
        for edit in Edit::ALL {
            assert_eq!(Edits::from(edit).iter().collect::<Vec<_>>(), [edit]);
        }
        assert_eq!(Edit::ALL.into_iter().collect::<Edits>().iter().count(), Edit::ALL.len());
    }
}
