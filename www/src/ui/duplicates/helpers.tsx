// What stays, chosen at once: in one group, or in all that are shown.

import { useState } from 'preact/hooks';
import type { GroupRow } from '../../engine/protocol';
import type { Keep } from '../../state/duplicates/choices';
import { foldersOf } from '../../state/duplicates/groups';
import type { Scope } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import { text } from '../../text/en';

const words = text.duplicates.group;

const KEEPS: Exclude<Keep, object>[] = ['suggested', 'oldest', 'newest', 'largest', 'all'];

export function Helpers({ group, shown, actions }: { group: GroupRow; shown: number; actions: Actions }) {
  const { dispatch } = actions.duplicates;
  const [scope, setScope] = useState<Scope>('group');
  const folders = foldersOf([group]);
  return (
    <details class="fold helpers">
      <summary>{words.helpers}</summary>
      <fieldset class="scopes">
        <legend class="unseen">{words.helpers}</legend>
        <label>
          <input type="radio" name="scope" checked={scope === 'group'} onChange={() => setScope('group')} />
          {words.forGroup}
        </label>
        <label>
          <input type="radio" name="scope" checked={scope === 'shown'} onChange={() => setScope('shown')} />
          {words.forShown(shown)}
        </label>
      </fieldset>
      <div class="buttons">
        {KEEPS.map((keep) => (
          <button key={keep} type="button" class="button small" onClick={() => dispatch({ kind: 'kept', keep, scope })}>
            {words.keep(keep)}
          </button>
        ))}
      </div>
      {folders.length > 1 && (
        <div class="buttons">
          <span class="hint">{words.folder}</span>
          {folders.map((folder) => (
            <button key={folder} type="button" class="button small" onClick={() => dispatch({ kind: 'kept', keep: { notIn: folder }, scope })}>
              <bdi>{folder.slice(0, -1)}</bdi>
            </button>
          ))}
        </div>
      )}
      <div class="buttons">
        <button type="button" class="button small" onClick={() => dispatch({ kind: 'reviewed', reviewed: true, scope })}>
          {words.markReviewed}
        </button>
        <button type="button" class="button small" onClick={() => dispatch({ kind: 'reviewed', reviewed: false, scope })}>
          {words.markNotReviewed}
        </button>
      </div>
    </details>
  );
}
