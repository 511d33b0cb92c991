// What of a list is shown, and in which order.

import type { Ref } from 'preact';
import { useMemo } from 'preact/hooks';
import type { GroupMedia } from '../../engine/protocol';
import type { Sort, Stand } from '../../state/duplicates/groups';
import { foldersOf } from '../../state/duplicates/groups';
import type { DuplicatesMsg, DuplicatesReviewing } from '../../state/duplicates/state';
import { text } from '../../text/en';
import { Icon } from '../parts/icons';

const words = text.duplicates.review;

/** More folders than this nobody picks from a list: the search finds them. */
export const MOST_FOLDERS = 300;

interface Props {
  task: DuplicatesReviewing;
  search: Ref<HTMLInputElement>;
  dispatch: (msg: DuplicatesMsg) => void;
}

export function GroupFilters({ task, search, dispatch }: Props) {
  const { groups, filters, sort } = task;
  const folders = useMemo(() => foldersOf(groups).slice(0, MOST_FOLDERS), [groups]);
  return (
    <div class="group-filters">
      <label class="search">
        <Icon name="search" />
        <span class="unseen">{words.search}</span>
        <input
          ref={search}
          type="search"
          placeholder={words.search}
          value={filters.query}
          onInput={(event) => dispatch({ kind: 'filtered', filters: { query: event.currentTarget.value } })}
        />
      </label>
      {folders.length > 1 && (
        <select
          aria-label={words.folder}
          value={filters.folder ?? ''}
          onChange={(event) => dispatch({ kind: 'filtered', filters: { folder: event.currentTarget.value || null } })}
        >
          <option value="">{words.everywhere}</option>
          {folders.map((folder) => (
            <option key={folder} value={folder}>
              {folder.slice(0, -1)}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={words.media}
        value={filters.media}
        onChange={(event) => dispatch({ kind: 'filtered', filters: { media: event.currentTarget.value as GroupMedia | 'all' } })}
      >
        {Object.entries(words.medias).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label={words.least}
        value={String(filters.least)}
        onChange={(event) => dispatch({ kind: 'filtered', filters: { least: Number(event.currentTarget.value) } })}
      >
        {words.leasts.map(([value, label]) => (
          <option key={value} value={String(value)}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label={words.stand}
        value={filters.stand}
        onChange={(event) => dispatch({ kind: 'filtered', filters: { stand: event.currentTarget.value as Stand } })}
      >
        {Object.entries(words.stands).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select aria-label={words.sort} value={sort} onChange={(event) => dispatch({ kind: 'sorted', sort: event.currentTarget.value as Sort })}>
        {Object.entries(words.sorts).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
