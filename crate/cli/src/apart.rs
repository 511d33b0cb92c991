//! Keeps outputs and inputs apart: neither lies in the other, however they are
//! reached, through links, mounts or names in another case of letters.

use std::io;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::disk::Inputs;

/// Refuses an output inside an input or around one.
///
/// # Errors
/// A sentence that names both.
pub fn keep(output: &Path, inputs: &Inputs) -> Outcome {
    let shown = output.display();
    let real = real_place(output)
        .map_err(|error| format!("the output {shown} cannot be found: {error}"))?;
    if let Some(input) = inputs.around(&real) {
        let input = input.display();
        return Err(format!(
            "the output {shown} lies inside the input {input}; choose another place"
        ));
    }
    if let Some(input) = inputs.inside(&real) {
        let input = input.display();
        return Err(format!(
            "the input {input} lies inside the output {shown}; choose another place"
        ));
    }
    Ok(())
}

/// No catalogue inside an input.
///
/// # Errors
/// A sentence that names both.
pub fn outside(path: &Path, inputs: &Inputs) -> Outcome {
    let shown = path.display();
    let real = real_place(path)
        .map_err(|error| format!("the catalogue {shown} cannot be found: {error}"))?;
    inputs.around(&real).map_or(Ok(()), |input| {
        Err(format!("the catalogue {shown} lies inside the input {}", input.display()))
    })
}

/// The real place of a path whose last parts may not exist yet.
fn real_place(path: &Path) -> io::Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut known = whole.as_path();
    loop {
        if let Ok(real) = std::fs::canonicalize(known) {
            return Ok(missing.iter().rev().fold(real, |place, name| place.join(name)));
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                known = parent;
            }
            _ => return Ok(whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::identity;

    /// A chat and originals, and what is said of an output beside them.
    fn check(folder: &Path, output: &str, want: Option<&str>) {
        let mut inputs = Inputs::default();
        inputs.add_export(&folder.join("chat")).unwrap();
        inputs.add_originals(&[folder.join("photos")]).unwrap();
        let said = keep(&folder.join(output), &inputs);
        match want {
            None => assert_eq!(said, Ok(()), "{output}"),
            Some(words) => {
                assert!(said.as_ref().unwrap_err().contains(words), "{output}: {said:?}")
            }
        }
    }

    fn inputs() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for folder in ["chat/deep", "photos", "elsewhere/album", "out"] {
            fs::create_dir_all(temp.path().join(folder)).unwrap();
        }
        fs::write(temp.path().join("elsewhere/album/a.jpg"), "a").unwrap();
        temp
    }

    const IN: Option<&str> = Some("lies inside the input");
    const AROUND: Option<&str> = Some("lies inside the output");

    #[test]
    fn an_output_inside_an_input_or_around_one_is_refused() {
        let temp = inputs();
        check(temp.path(), "out/b.zip", None);
        check(temp.path(), "out", None);
        check(temp.path(), "chat2", None);
        check(temp.path(), "chat/new/b.zip", IN);
        check(temp.path(), "chat/deep/new", IN);
        check(temp.path(), "out/../photos/new", IN);
        check(temp.path(), "", AROUND);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_hide_where_an_output_lies() {
        use std::os::unix::fs::symlink;
        let temp = inputs();
        let at = |path: &str| temp.path().join(path);
        symlink(at("chat"), at("door")).unwrap();
        symlink(at("chat/deep"), at("out/back")).unwrap();
        check(temp.path(), "door/b.zip", IN);
        check(temp.path(), "out/back/new", IN);
        check(temp.path(), "elsewhere/new", None);
        // An album that is only linked into the originals is an input as well.
        symlink(at("elsewhere/album"), at("photos/album")).unwrap();
        check(temp.path(), "elsewhere/album/new", IN);
        check(temp.path(), "elsewhere", AROUND);
        // So is a single photo, as far as the folder around it goes.
        fs::remove_file(at("photos/album")).unwrap();
        symlink(at("elsewhere/album/a.jpg"), at("photos/a.jpg")).unwrap();
        check(temp.path(), "elsewhere", AROUND);
        check(temp.path(), "elsewhere/new", None);
    }

    #[test]
    fn a_folder_is_known_by_what_it_is_and_not_by_its_path() {
        let temp = inputs();
        let chat = temp.path().join("chat");
        let again = temp.path().join("photos/../chat/deep/..");
        assert_eq!(identity(&chat).unwrap(), identity(&again).unwrap());
        assert_ne!(identity(&chat).unwrap(), identity(&temp.path().join("photos")).unwrap());
        // Where the disk takes two cases of letters for one, so does this.
        let other = temp.path().join("CHAT");
        check(temp.path(), "CHAT/new", if other.exists() { IN } else { None });
    }

    #[test]
    fn no_catalogue_lies_inside_an_input() {
        let temp = inputs();
        let mut inputs = Inputs::default();
        inputs.add_export(&temp.path().join("chat")).unwrap();
        assert!(outside(&temp.path().join("chat/deep/c.redb"), &inputs).is_err());
        assert_eq!(outside(&temp.path().join("out/c.redb"), &inputs), Ok(()));
    }
}
