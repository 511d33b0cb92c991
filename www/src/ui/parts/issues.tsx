// What was strange about single files.

import type { FileIssue, Unwritten } from '../../engine/protocol';
import { text } from '../../text/en';

/** More than this are only counted; the report has them all. */
const SHOWN = 200;

interface Props {
  issues: FileIssue[];
  /** Files of the bundle that are not where it was saved. */
  unwritten?: Unwritten[];
  title: string;
}

export function Issues({ issues, unwritten = [], title }: Props) {
  const howMany = unwritten.length + issues.length;
  if (howMany === 0) return null;
  return (
    <details class="fold issues">
      <summary>{title}</summary>
      <ul>
        {inWords(issues, unwritten).map(([path, words], place) => (
          <li key={place}>
            <bdi class="label">{path}</bdi>
            <span class="hint">{words}</span>
          </li>
        ))}
      </ul>
      {howMany > SHOWN && <p class="hint">{text.review.issuesMore(howMany - SHOWN)}</p>}
    </details>
  );
}

/** Files that are shown, with what is said of each; what is missing comes first. */
function inWords(issues: FileIssue[], unwritten: Unwritten[]): [string, string][] {
  const missing = unwritten.slice(0, SHOWN).map(({ path, why }): [string, string] => [path, text.save.unwritten[why]]);
  const others = issues.slice(0, SHOWN - missing.length).map(({ path, problem }): [string, string] => [path, text.problemOf(problem)]);
  return [...missing, ...others];
}
