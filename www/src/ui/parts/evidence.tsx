// Why it was decided so, in words and numbers.

import type { ItemInfo, Row } from '../../engine/protocol';
import { bundledOriginal, scoreOf } from '../../state/link/rows';
import { text } from '../../text/en';
import { bytes, momentOf } from '../../text/numbers';

const words = text.detail;

export function Evidence({ row, original }: { row: Row; original: ItemInfo | null }) {
  return (
    <section class="evidence" aria-labelledby="why">
      <h3 id="why">{words.why}</h3>
      <p class="reason">{text.reasonOf(row.reason, row.score)}</p>
      {row.edits.length > 0 && (
        <p class="reason">
          {row.edits.map((edit) => words.edits[edit][1]).join(' ')} {words.editKept} {bundledOriginal(row) !== null && words.behindEdit}
        </p>
      )}
      <div class="files">
        <FileFacts title={words.sent} info={row.exported} taken={null} />
        <FileFacts title={words.original} info={original} taken={original?.takenS ?? null} />
      </div>
      {original !== null && <Facts row={row} original={original} />}
      {row.also.length > 0 && <p class="hint">{words.also(row.also)}</p>}
    </section>
  );
}

/** `taken` is null for what was sent: WhatsApp leaves no such time, and the name only tells when it was sent. */
function FileFacts({ title, info, taken: takenS }: { title: string; info: ItemInfo | null; taken: number | null }) {
  if (info === null) return null;
  const size = info.width !== null && info.height !== null ? `${info.width} × ${info.height}` : null;
  const taken = words.takenLine(takenS === null ? null : momentOf(takenS), info.camera);
  return (
    <div>
      <h4>{title}</h4>
      <bdi class="label">{info.path}</bdi>
      <p class="hint">{[size, bytes(info.bytes)].filter((part) => part !== null).join(' · ')}</p>
      {taken !== '' && <p class="hint">{taken}</p>}
    </div>
  );
}

function Facts({ row, original }: { row: Row; original: ItemInfo }) {
  const facts = factsOf(row, original);
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(([name, what]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Only what was measured. */
function factsOf(row: Row, original: ItemInfo): [string, string][] {
  const score = scoreOf(row, original.item);
  const more = pixels(original) / pixels(row.exported);
  const facts: [string, string | null][] = [
    row.kind === 'video' ? [words.facts.frames, known(score?.residual, words.frames)] : [words.facts.picture, known(score?.residual, words.picture)],
    [words.facts.runnerUp, known(score?.runnerUpRatio, words.runnerUp)],
    [words.facts.fingerprint, known(score?.phashDistance, words.fingerprint)],
    [words.facts.time, known(score?.timeDifferenceS, words.time)],
    [words.facts.length, known(score?.durationDifferenceS, words.lengthDiffers)],
    [words.facts.size, Number.isFinite(more) && more > 1.05 ? words.pixels(more) : null],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function known(value: number | null | undefined, say: (value: number) => string): string | null {
  return value === null || value === undefined ? null : say(value);
}

function pixels(info: ItemInfo | null): number {
  return info === null || info.width === null || info.height === null ? Number.NaN : info.width * info.height;
}
