// The counts, which are also the filters; beside them the kind of file and the search.

import type { Ref } from 'preact';
import type { Filter, MediaFilter, Tally } from '../../state/link/rows';
import type { Reviewing } from '../../state/link/state';
import type { Msg } from '../../state/state';
import { text } from '../../text/en';
import { count } from '../../text/numbers';
import { Icon } from './icons';

interface Props {
  task: Reviewing;
  counts: Tally;
  search: Ref<HTMLInputElement>;
  dispatch: (msg: Msg) => void;
}

const FILTERS: Filter[] = ['all', 'matched', 'unsure', 'kept', 'unreadable', 'mine'];
const words = text.review;

export function FilterBar({ task, counts, search, dispatch }: Props) {
  return (
    <div class="filter-bar">
      <div class="counts" role="group" aria-label={words.filterLabel}>
        {FILTERS.map((filter) => (
          <button
            key={filter}
            type="button"
            class={`count ${filter}`}
            aria-pressed={task.filter === filter}
            disabled={counts[filter] === 0 && task.filter !== filter}
            title={words.filterHints[filter]}
            onClick={() => dispatch({ kind: 'filtered', filter })}
          >
            <span class="figure">{count(counts[filter])}</span>
            <span class="word">{words.filters[filter]}</span>
          </button>
        ))}
      </div>
      <div class="narrowing">
        <select
          aria-label={words.mediaLabel}
          value={task.media}
          onChange={(event) => dispatch({ kind: 'narrowed', media: event.currentTarget.value as MediaFilter })}
        >
          {Object.entries(words.media).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{words.search}</span>
          <input
            ref={search}
            type="search"
            placeholder={words.search}
            value={task.query}
            onInput={(event) => dispatch({ kind: 'searched', query: event.currentTarget.value })}
          />
        </label>
      </div>
    </div>
  );
}
