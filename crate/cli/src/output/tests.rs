use std::collections::BTreeMap;

use heirloom_core::plan::names::LIST;
use heirloom_core::rebuild::listing::{Listed, Sum};
use heirloom_core::report::files;

use super::*;

fn inputs_with(folder: &Path) -> Inputs {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("a.jpg"), "original").unwrap();
    let mut inputs = Inputs::default();
    inputs.add_originals(&[folder.to_owned()]).unwrap();
    inputs
}

fn write(bundle: &mut dyn Bundle, path: &str, text: &str) -> io::Result<()> {
    bundle.begin(path, None)?;
    bundle.write(text.as_bytes())?;
    bundle.end()
}

const MAPPING: &str = r#"{"version":1,"entries":[]}"#;

#[test]
fn a_folder_appears_only_when_it_is_whole() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
    write(&mut bundle, "index.html", "hello").unwrap();
    write(&mut bundle, "media/a.jpg", "a").unwrap();
    assert!(!out.join("index.html").exists());
    write(&mut bundle, "mapping.json", MAPPING).unwrap();
    bundle.finish().unwrap();
    drop(bundle);
    let mut names: Vec<_> = fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["index.html", "mapping.json", "media"]);
    // Again, over the earlier bundle.
    let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
    write(&mut bundle, "index.html", "again").unwrap();
    bundle.finish().unwrap();
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "again");
}

#[test]
fn giving_up_leaves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
    bundle.begin("media/a.jpg", None).unwrap();
    bundle.write(b"half").unwrap();
    drop(bundle);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    fs::write(temp.path().join("diary.txt"), "mine").unwrap();
    let refused = Folder::new(temp.path(), &inputs, CopyMode::Copy).err().unwrap();
    assert!(refused.contains("is not empty"), "{refused}");
}

#[cfg(unix)]
#[test]
fn an_original_is_never_written_through_a_link() {
    use std::os::unix::fs::MetadataExt;
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in");
    let inputs = inputs_with(&input);
    let out = temp.path().join("out");
    for mode in [CopyMode::Hardlink, CopyMode::Symlink] {
        let mut bundle = Folder::new(&out, &inputs, mode).unwrap();
        assert!(bundle.link("media/a.jpg", FileId(0)).unwrap().is_some());
        bundle.end().unwrap();
        write(&mut bundle, "mapping.json", MAPPING).unwrap();
        bundle.finish().unwrap();
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        assert_eq!(inode(&out.join("media/a.jpg")), inode(&input.join("a.jpg")));
        // The next run writes a file of that name.
        let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        write(&mut bundle, "media/a.jpg", "other bytes").unwrap();
        bundle.finish().unwrap();
        assert_eq!(fs::read_to_string(input.join("a.jpg")).unwrap(), "original");
        assert_eq!(fs::read_to_string(out.join("media/a.jpg")).unwrap(), "other bytes");
    }
    // A folder of the bundle that somebody replaced by a link to an input.
    fs::remove_dir_all(out.join("media")).unwrap();
    std::os::unix::fs::symlink(&input, out.join("media")).unwrap();
    let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
    write(&mut bundle, "media/a.jpg", "evil").unwrap();
    assert!(bundle.finish().is_err());
    assert_eq!(fs::read_to_string(input.join("a.jpg")).unwrap(), "original");
}

/// Writes a bundle as the core does, its list at the end, but does not finish.
fn begun<'a>(out: &Path, inputs: &'a Inputs, held: &[(&str, &str)]) -> Folder<'a> {
    let mut bundle = Folder::new(out, inputs, CopyMode::Copy).unwrap();
    let mut listed = Vec::new();
    for (path, text) in held.iter().chain([&("mapping.json", MAPPING)]) {
        write(&mut bundle, path, text).unwrap();
        let mut sum = Sum::default();
        sum.take(text.as_bytes());
        let (size, hash) = sum.done();
        listed.push(Listed { path: (*path).to_owned(), size, hash, symbolic: false });
    }
    write(&mut bundle, LIST, &files::text(&listed)).unwrap();
    bundle
}

fn made(out: &Path, inputs: &Inputs, held: &[(&str, &str)]) -> Told {
    let mut bundle = begun(out, inputs, held);
    bundle.finish().unwrap();
    assert!(!out.join(PREFIX).exists());
    std::mem::take(&mut bundle.told)
}

/// Every file by its path; the two that name the files are left out.
fn lying(out: &Path) -> BTreeMap<String, String> {
    let paths = earlier::below(out).unwrap();
    let paths = paths.into_iter().filter(|path| path != LIST && path != "mapping.json");
    paths.map(|path| (path.clone(), fs::read_to_string(out.join(path)).unwrap())).collect()
}

fn pairs(held: &[(&str, &str)]) -> BTreeMap<String, String> {
    held.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const OLD: [(&str, &str); 4] = [
    ("index.html", "media/kept.jpg original_media/1_a.jpg"),
    ("media/kept.jpg", "kept"),
    ("original_media/1_a.jpg", "rejected later"),
    ("original_media/2_b.jpg", "stays"),
];

const NEW: [(&str, &str); 4] = [
    ("index.html", "media/a.jpg media/kept.jpg"),
    ("media/a.jpg", "the small copy"),
    ("media/kept.jpg", "kept"),
    ("original_media/2_b.jpg", "stays"),
];

#[test]
fn an_input_that_fails_in_the_middle_is_not_the_end_of_the_bundle() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    for mode in [CopyMode::Copy, CopyMode::Hardlink, CopyMode::Symlink] {
        let mut bundle = Folder::new(&out, &inputs, mode).unwrap();
        if bundle.link("original_media/a.jpg", FileId(0)).unwrap().is_none() {
            bundle.begin("original_media/a.jpg", None).unwrap();
            bundle.write(b"half of it").unwrap();
        }
        bundle.abandon().unwrap();
        write(&mut bundle, "media/a.jpg", "small").unwrap();
        write(&mut bundle, "mapping.json", MAPPING).unwrap();
        bundle.finish().unwrap();
        assert_eq!(lying(&out), pairs(&[("media/a.jpg", "small")]), "{mode:?}");
    }
    assert_eq!(fs::read_to_string(temp.path().join("in/a.jpg")).unwrap(), "original");
}

#[test]
fn a_rejected_original_does_not_survive_in_the_next_bundle() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    assert_eq!(made(&out, &inputs, &OLD), Told::default());
    let told = made(&out, &inputs, &NEW);
    assert_eq!(told, Told { removed: 1, ..Told::default() });
    assert_eq!(lying(&out), pairs(&NEW));
    // A folder that is empty then goes as well, and one that is not stays.
    fs::write(out.join("media/mine.txt"), "mine").unwrap();
    let told = made(&out, &inputs, &NEW[..1]);
    assert_eq!((told.removed, told.left), (3, vec!["media/mine.txt".to_owned()]));
    assert!(!out.join("original_media").exists());
}

#[test]
fn what_the_user_changed_or_added_stays_and_is_named() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    made(&out, &inputs, &OLD);
    fs::write(out.join("index.html"), "my own page").unwrap();
    fs::write(out.join("original_media/1_a.jpg"), "Rejected later").unwrap();
    fs::write(out.join("media/a.jpg"), "my own photo").unwrap();
    fs::create_dir_all(out.join("notes/deep")).unwrap();
    fs::write(out.join("notes/deep/1.txt"), "mine").unwrap();
    fs::write(out.join("notes/2.txt"), "mine").unwrap();
    fs::write(out.join("Thumbs.db"), "the system's").unwrap();
    let told = made(&out, &inputs, &NEW);
    let aside = |was: &str, is: &str| (was.to_owned(), is.to_owned());
    assert_eq!(
        told.aside,
        [aside("media/a.jpg", "media/a (yours).jpg"), aside("index.html", "index (yours).html")]
    );
    assert_eq!(told.left, ["notes/", "original_media/1_a.jpg"]);
    assert_eq!((told.removed, told.unlisted), (0, false));
    let mut want = pairs(&NEW);
    want.extend(pairs(&[
        ("index (yours).html", "my own page"),
        ("media/a (yours).jpg", "my own photo"),
        ("original_media/1_a.jpg", "Rejected later"),
        ("notes/deep/1.txt", "mine"),
        ("notes/2.txt", "mine"),
        ("Thumbs.db", "the system's"),
    ]));
    assert_eq!(lying(&out), want);
}

#[test]
fn an_earlier_bundle_without_a_list_is_accepted_and_nothing_of_it_is_removed() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    made(&out, &inputs, &OLD);
    fs::remove_file(out.join(LIST)).unwrap();
    let told = made(&out, &inputs, &NEW);
    let left = vec!["original_media/1_a.jpg".to_owned()];
    assert_eq!(told, Told { left, unlisted: true, ..Told::default() });
    let mut want = pairs(&OLD);
    want.extend(pairs(&NEW));
    assert_eq!(lying(&out), want);
}

#[test]
fn a_kill_at_any_moment_leaves_a_bundle_that_works_and_loses_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let new = [
        ("index.html", "media/a.jpg original_media/3_c.jpg"),
        ("media/a.jpg", "the small copy"),
        ("original_media/3_c.jpg", "new"),
    ];
    for moment in 0.. {
        let out = temp.path().join(format!("out{moment}"));
        made(&out, &inputs, &OLD);
        fs::write(out.join("media/a.jpg"), "my own photo").unwrap();
        fs::write(out.join("index.html"), "media/a.jpg original_media/1_a.jpg").unwrap();
        let mut bundle = begun(&out, &inputs, &new);
        let mut steps = 0;
        let mut go_on = || {
            steps += 1;
            if steps > moment { Err(io::Error::other("killed")) } else { Ok(()) }
        };
        let done = place::place_while(&out, &mut bundle.staging, &inputs, &mut go_on);
        drop(bundle);
        let page = fs::read_to_string(out.join("index.html")).unwrap();
        assert!(page.split(' ').all(|photo| out.join(photo).exists()), "{moment}: {page}");
        let mine = |text: &String| text == "my own photo";
        assert!(lying(&out).values().any(mine), "{moment}");
        // The next run, which itself comes to nothing.
        let next = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        assert!(next.found.is_some(), "{moment}");
        drop(next);
        let mut want = pairs(&new);
        want.extend(pairs(&[
            ("media/a (yours).jpg", "my own photo"),
            ("index (yours).html", "media/a.jpg original_media/1_a.jpg"),
        ]));
        assert_eq!(lying(&out), want, "{moment}");
        if done.is_ok() {
            assert!(moment > 8, "{moment} steps are too few");
            return;
        }
    }
}

#[test]
fn a_run_that_is_killed_while_it_writes_leaves_the_old_bundle() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    made(&out, &inputs, &OLD);
    // A killed run closes its files and removes nothing.
    let killed = begun(&out, &inputs, &NEW);
    assert!(Folder::new(&out, &inputs, CopyMode::Copy).err().unwrap().contains("another run"));
    killed.staging.killed();
    let next = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
    assert!(next.found.unwrap().contains("was removed"));
    drop(next);
    assert_eq!(lying(&out), pairs(&OLD));
}

#[test]
fn a_name_in_another_case_is_another_file_only_where_the_disk_says_so() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    made(&out, &inputs, &[("media/Case.jpg", "same")]);
    let apart = !out.join("media/case.jpg").exists();
    let told = made(&out, &inputs, &[("media/case.jpg", "same")]);
    assert_eq!(fs::read_to_string(out.join("media/case.jpg")).unwrap(), "same");
    assert_eq!(told, Told { removed: usize::from(apart), ..Told::default() });
    assert_eq!(lying(&out).len(), 1);
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in");
    let inputs = inputs_with(&input);
    let out = temp.path().join("out");
    made(&out, &inputs, &OLD);
    // The user keeps the originals elsewhere, with the same bytes.
    let other = temp.path().join("other");
    fs::rename(out.join("original_media"), &other).unwrap();
    symlink(&other, out.join("original_media")).unwrap();
    fs::remove_file(out.join("media/kept.jpg")).unwrap();
    symlink(other.join("2_b.jpg"), out.join("media/kept.jpg")).unwrap();
    let told = made(&out, &inputs, &NEW[..1]);
    assert_eq!(told.removed, 0);
    assert_eq!(told.left, ["media/kept.jpg", "original_media"]);
    assert_eq!(earlier::below(&other).unwrap().len(), 2);
    // A new file cannot go there either, and that is said before anything changes.
    let mut bundle = begun(&out, &inputs, &OLD);
    assert!(bundle.finish().unwrap_err().to_string().contains("is not a folder of the bundle"));
    drop(bundle);
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), NEW[0].1);
    assert!(!out.join(PREFIX).exists());
}

#[cfg(unix)]
#[test]
fn links_of_the_bundle_are_removed_and_what_they_link_to_is_not() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in");
    let inputs = inputs_with(&input);
    let original = fs::read_to_string(input.join("a.jpg")).unwrap();
    let mut sum = Sum::default();
    sum.take(original.as_bytes());
    let (size, hash) = sum.done();
    for (mode, symbolic) in [(CopyMode::Hardlink, false), (CopyMode::Symlink, true)] {
        let out = temp.path().join(format!("out{symbolic}"));
        let mut bundle = Folder::new(&out, &inputs, mode).unwrap();
        assert!(bundle.link("original_media/a.jpg", FileId(0)).unwrap().is_some());
        bundle.end().unwrap();
        let path = "original_media/a.jpg".to_owned();
        let list = files::text(&[Listed { path, size, hash, symbolic }]);
        write(&mut bundle, "mapping.json", MAPPING).unwrap();
        write(&mut bundle, LIST, &list).unwrap();
        bundle.finish().unwrap();
        assert_eq!(fs::read_to_string(out.join("original_media/a.jpg")).unwrap(), original);
        assert_eq!(made(&out, &inputs, &NEW).removed, 1, "{mode:?}");
        assert_eq!(lying(&out), pairs(&NEW), "{mode:?}");
        assert_eq!(fs::read_to_string(input.join("a.jpg")).unwrap(), original);
    }
}

#[test]
fn a_list_that_names_files_outside_removes_none() {
    let temp = tempfile::tempdir().unwrap();
    let inputs = inputs_with(&temp.path().join("in"));
    let out = temp.path().join("out");
    made(&out, &inputs, &OLD);
    let mine = temp.path().join("mine.txt");
    fs::write(&mine, "kept").unwrap();
    let list = fs::read_to_string(out.join(LIST)).unwrap();
    fs::write(out.join(LIST), list.replace("media/kept.jpg", "../mine.txt")).unwrap();
    let told = made(&out, &inputs, &NEW);
    assert!(mine.exists() && told.unlisted && told.removed == 0);
    assert_eq!(told.aside[0].0, LIST);
}
