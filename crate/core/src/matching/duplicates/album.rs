//! Folders that somebody made and named for what is in them: albums.

/// Words by which cameras, phones, systems and people in a hurry name folders, in lower
/// case: a folder of which every word is one of these, or a number, is no album. Gathered
/// from the folders of Android, iOS, Windows, macOS, cameras (DCF), Takeout and WhatsApp,
/// with some words of German, French, Spanish, Italian and Portuguese.
const GENERIC: [&str; 88] = [
    "album",
    "albums",
    "alben",
    "all",
    "alt",
    "android",
    "archive",
    "archiv",
    "backup",
    "backups",
    "bilder",
    "bluetooth",
    "burst",
    "bursts",
    "camera",
    "camara",
    "card",
    "carpeta",
    "cloud",
    "copia",
    "copies",
    "copy",
    "cámara",
    "data",
    "dcim",
    "desktop",
    "documents",
    "dokumente",
    "dossier",
    "download",
    "downloads",
    "drive",
    "dropbox",
    "duplicates",
    "edited",
    "export",
    "exports",
    "files",
    "folder",
    "foto",
    "fotos",
    "from",
    "galerie",
    "gallery",
    "google",
    "icloud",
    "image",
    "images",
    "imagens",
    "imágenes",
    "immagini",
    "import",
    "imported",
    "imports",
    "instagram",
    "iphone",
    "kamera",
    "kopie",
    "library",
    "media",
    "misc",
    "my",
    "neu",
    "neuer",
    "new",
    "nouveau",
    "nueva",
    "old",
    "ordner",
    "original",
    "originals",
    "phone",
    "photo",
    "photos",
    "picture",
    "pictures",
    "recents",
    "restored",
    "roll",
    "saved",
    "screenshot",
    "screenshots",
    "sent",
    "telegram",
    "unsorted",
    "uploads",
    "video",
    "whatsapp",
];

/// Letters that a word needs to name something. Chosen, not measured.
const NAMING: usize = 4;

/// Whether the folder in which a path lies is an album: in one of albums, or named by a
/// word of its own, written as a name.
pub(super) fn is_in_album(path: &str) -> bool {
    let mut folders = path.rsplit('/').skip(1);
    let Some(folder) = folders.next() else { return false };
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    let mut words = folder.split(|letter: char| !letter.is_alphanumeric()).filter(is_word);
    let own = |word: &str| {
        let lower = word.to_lowercase();
        // What cameras number: `100APPLE`, `IMG_E1`.
        let numbered = word.chars().any(char::is_numeric);
        !numbered && !GENERIC.contains(&lower.as_str())
    };
    let named = |word: &str| {
        let written = word.chars().next().is_some_and(|first| !first.is_lowercase());
        written && word.chars().count() >= NAMING && own(word)
    };
    let of_albums = folders.next().is_some_and(|above| {
        matches!(above.to_lowercase().as_str(), "album" | "albums" | "alben" | "álbumes" | "álbuns")
    });
    if of_albums { words.any(own) } else { words.any(named) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn albums_are_told_from_what_cameras_and_systems_make() {
        for path in [
            "Hochzeit Anna/1.jpg",
            "2023/Summer in Rome/1.jpg",
            "albums/paris/1.jpg",
            "Takeout/Google Photos/Berlin 2024/1.jpg",
            "家族旅行/1.jpg",
        ] {
            assert!(is_in_album(path), "{path}");
        }
        for path in [
            "1.jpg",
            "DCIM/100APPLE/1.jpg",
            "DCIM/Camera/1.jpg",
            "WhatsApp Images/Sent/1.jpg",
            "Takeout/Google Photos/Photos from 2023/1.jpg",
            "Backup 2019/1.jpg",
            "Neuer Ordner (2)/1.jpg",
            "export/1.jpg",
            "2024-05-06/1.jpg",
            "Hochzeit Anna/DCIM/1.jpg",
        ] {
            assert!(!is_in_album(path), "{path}");
        }
    }
}
