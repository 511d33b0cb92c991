"""The recipe that everyone starts from, to be timed beside Heirloom.

Decode every original, hash it (64-bit pHash), and link an exported picture to the nearest original whose capture lies
within ten minutes of the message, if they differ by at most 10 bits and the runner-up is at least 3 bits further away.

    python3 recipe.py EXPORT_DIR ORIGINALS_DIR [--sample N]

With --sample only N originals, evenly spread, are decoded; the caller extrapolates and says so. Prints one line of JSON.
"""

import argparse
import datetime
import json
import pathlib
import re
import time

import imagehash
import pillow_heif
from PIL import Image, ImageOps

WINDOW = datetime.timedelta(minutes=10)
MOST_BITS = 10
MARGIN = 3
PICTURES = {".jpg", ".jpeg", ".heic", ".heif", ".png", ".webp"}
EXIF_DIRECTORY = 0x8769
TAKEN = 0x9003


def pictures(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in PICTURES)


def taken(picture):
    text = picture.getexif().get_ifd(EXIF_DIRECTORY).get(TAKEN)
    try:
        return datetime.datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def sent(path):
    found = re.search(r"(\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)", path.name)
    return datetime.datetime.strptime(found[1], "%Y-%m-%d-%H-%M-%S") if found else None


def look(path):
    with Image.open(path) as picture:
        return taken(picture), imagehash.phash(ImageOps.exif_transpose(picture))


def link(when, hash_, originals):
    near = sorted(
        (hash_ - other, name)
        for name, at, other in originals
        if when is None or at is None or abs(when - at) <= WINDOW
    )
    if not near or near[0][0] > MOST_BITS:
        return None
    if len(near) > 1 and near[1][0] - near[0][0] < MARGIN:
        return None
    return near[0][1]


def main():
    words = argparse.ArgumentParser()
    words.add_argument("export")
    words.add_argument("originals")
    words.add_argument("--sample", type=int)
    given = words.parse_args()
    pillow_heif.register_heif_opener()
    exported, library = pictures(given.export), pictures(given.originals)
    chosen = library
    if given.sample and given.sample < len(library):
        chosen = [library[at * len(library) // given.sample] for at in range(given.sample)]
    start = time.monotonic()
    originals = []
    for path in chosen:
        when, hash_ = look(path)
        originals.append((str(path), when, hash_))
    decoded = time.monotonic()
    links = 0
    for path in exported:
        links += link(sent(path), look(path)[1], originals) is not None
    print(json.dumps({
        "library": len(library),
        "decoded": len(chosen),
        "originals_seconds": decoded - start,
        "exported_seconds": time.monotonic() - decoded,
        "links": links,
    }))


main()
