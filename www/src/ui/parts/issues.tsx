// What was strange about single files.

import type { FileIssue } from '../../engine/protocol';
import { text } from '../../text/en';

/** More than this are only counted; the report has them all. */
const SHOWN = 200;

export function Issues({ issues, title }: { issues: FileIssue[]; title: string }) {
  if (issues.length === 0) return null;
  return (
    <details class="fold issues">
      <summary>{title}</summary>
      <ul>
        {issues.slice(0, SHOWN).map((issue, place) => (
          <li key={place}>
            <bdi class="label">{issue.path}</bdi>
            <span class="hint">{issue.text}</span>
          </li>
        ))}
      </ul>
      {issues.length > SHOWN && <p class="hint">{text.review.issuesMore(issues.length - SHOWN)}</p>}
    </details>
  );
}
