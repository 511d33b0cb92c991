//! Rules for the shot that stays, and reasons.

/// A rule of the user's, before all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// What lies in this folder, as the document spells it.
    Folder(String),
    /// The format that was most likely written first.
    Format,
    /// Most detail.
    Detail,
    /// With a place.
    Place,
    /// With a camera's date.
    Date,
    /// The oldest file.
    Oldest,
    /// The newest file.
    Newest,
    /// The most bytes.
    Largest,
}

/// Why a shot is suggested to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The user's rule.
    Asked(Keep),
    /// Another program manages it.
    Managed,
    /// A chat shows it.
    Chat,
    /// It lies in a folder that somebody named for what is in it.
    Album,
    /// The others, or some of them, are damaged.
    Whole,
    /// It has its raw, its film or its edited version.
    Parts,
    /// The others were cropped, filtered or drawn on.
    Unchanged,
    /// The other was made of such a file: enlarged, or stored again.
    Source,
    /// It shows most detail.
    Detail,
    /// It has a camera's data.
    Camera,
    /// Its format or its encoding keeps the most.
    Original,
    /// It has the most pixels, whatever they show.
    Pixels,
    /// It has its sidecar.
    Noted,
    /// It says where or when it was taken.
    Known,
    /// It has several names on its disk.
    Names,
    /// Its file is the oldest.
    Oldest,
    /// Nothing tells them apart but their names.
    Name,
}
