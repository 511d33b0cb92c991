// Names of files and folders made from a chat's title, which anyone may have chosen.

/** Longest name made here, in bytes: file systems end at 255, and an ending or a number comes to it. */
const MOST_BYTES = 150;

/** What some file system or browser refuses, and signs that turn the direction of what follows; joiners of emoji stay. */
const REFUSED = /[\\/:*?"<>|~\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/gu;

/** `wanted` as a part of a name that every system takes; '' where nothing of it is left. */
export function safeName(wanted: string): string {
  const clean = wanted.normalize('NFC').replace(REFUSED, ' ').replace(/\s+/gu, ' ');
  return bare(shortened(bare(clean)));
}

/** Without what a name must not begin or end with. */
function bare(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '');
}

function shortened(name: string): string {
  const encoder = new TextEncoder();
  let kept = '';
  let size = 0;
  for (const letter of name) {
    size += encoder.encode(letter).length;
    if (size > MOST_BYTES) break;
    kept += letter;
  }
  return kept;
}
