// Step 3: the four lists, their groups, and one group. On a narrow screen the group covers the list.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DuplicateList, GroupRow } from '../../engine/protocol';
import { isReviewed, markedIn, planOf } from '../../state/duplicates/choices';
import type { ListCount } from '../../state/duplicates/groups';
import { countLists, LISTS, savedBytes, visibleGroups } from '../../state/duplicates/groups';
import type { DuplicatesReviewing } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { bytes, count } from '../../text/numbers';
import { StepHeading } from '../parts/heading';
import { Icon } from '../parts/icons';
import { KeptNotes } from '../parts/kept';
import { KeysDialog } from '../parts/keys';
import { useNarrow } from '../parts/narrow';
import { Preview } from '../parts/preview';
import { VirtualList } from '../parts/virtual';
import { GroupFilters } from './filters';
import { Group, mediaOf } from './group';
import { useGroupKeys } from './keys';

const words = text.duplicates.review;

/** Pixels of the long edge of a row's picture. */
const THUMB = 160;
/** Notes on files that are shown. */
const ISSUES = 200;

interface Props {
  shared: Shared;
  task: DuplicatesReviewing;
  actions: Actions;
}

export function ReviewGroups({ shared, task, actions }: Props) {
  const { groups, choices, list, filters, sort, selected } = task;
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const counts = useMemo(() => countLists(groups, choices), [groups, choices]);
  const shown = useMemo(() => visibleGroups(groups, list, filters, sort, choices), [groups, list, filters, sort, choices]);
  const place = useMemo(() => shown.findIndex(({ id }) => id === selected), [shown, selected]);
  const group = useMemo(() => groups.find(({ id }) => id === selected) ?? null, [groups, selected]);
  useDetails(shown, place, task.details, actions);
  const narrow = useNarrow();
  const covered = narrow && task.open && group !== null;
  useGroupKeys(task, group, actions, {
    help: () => setHelp(true),
    search: () => search.current?.focus(),
    list: (by) => turnTo(counts, list, by, actions),
  });
  if (groups.length === 0) return <NothingTwice task={task} actions={actions} />;
  return (
    <div class={`review duplicates ${task.open ? 'open' : ''}`}>
      <div class="behind" inert={covered}>
        <Head shared={shared} task={task} counts={counts} actions={actions} onHelp={() => setHelp(true)} />
        <Tabs list={list} counts={counts} actions={actions} />
        <GroupFilters task={task} search={search} dispatch={actions.duplicates.dispatch} />
      </div>
      <div class="panes">
        <div class="list-pane" inert={covered} id="groups" role="tabpanel" aria-labelledby={`tab-${list}`}>
          <VirtualList
            rows={shown}
            place={place}
            label={`${text.duplicates.lists[list][0]}: ${words.list}`}
            empty={filters.stand === 'open' ? words.noneOpen : words.none}
            idOf={({ id }) => id}
            onEnter={(event) => {
              if (!narrow || task.open || selected === null) return;
              event.preventDefault();
              actions.duplicates.dispatch({ kind: 'selected', group: selected });
            }}
            onSelect={({ id }) => actions.duplicates.dispatch({ kind: 'selected', group: id })}
          >
            {(row) => <GroupRowView row={row} task={task} actions={actions} />}
          </VirtualList>
        </div>
        {group !== null && <Group key={group.id} task={task} group={group} shown={shown.length} actions={actions} />}
      </div>
      <div class="below" inert={covered}>
        <Kept task={task} actions={actions} />
        <Stacks task={task} actions={actions} />
        <Notes task={task} />
      </div>
      <KeysDialog open={help} onClose={() => setHelp(false)} list={text.duplicates.keyHelp.list} />
    </div>
  );
}

/** Details of the group on show and of its neighbours are asked for, again when a decision changed them. */
function useDetails(shown: GroupRow[], place: number, details: DuplicatesReviewing['details'], actions: Actions): void {
  const near = [shown[place], shown[place + 1], shown[place - 1]].map((group) => group?.id);
  useEffect(() => {
    for (const id of near) if (id !== undefined) actions.duplicates.look(id);
  }, [...near, details]);
}

function NothingTwice({ task, actions }: { task: DuplicatesReviewing; actions: Actions }) {
  return (
    <div class="narrow">
      <StepHeading>{words.title(0)}</StepHeading>
      <p class="lead">{words.nothing}</p>
      <p class="hint">{words.lead(task.summary.files, task.summary.bytes, 0)}</p>
      <div class="go">
        <button type="button" class="button primary large" onClick={actions.duplicates.cancel}>
          {words.again}
        </button>
      </div>
      <Kept task={task} actions={actions} />
      <Stacks task={task} actions={actions} />
      <Notes task={task} />
    </div>
  );
}

interface HeadProps extends Props {
  counts: Record<DuplicateList, ListCount>;
  onHelp: () => void;
}

function Head({ shared, task, counts, actions, onHelp }: HeadProps) {
  const { groups, choices, summary, undo } = task;
  const plan = useMemo(() => planOf(groups, choices), [groups, choices]);
  const reviewed = LISTS.reduce((sum, list) => sum + counts[list].reviewed, 0);
  const gain = LISTS.reduce((sum, list) => sum + counts[list].bytes, 0);
  return (
    <>
      <div class="review-head">
        <div>
          <StepHeading>{words.title(groups.length)}</StepHeading>
          <p class="lead">{words.lead(summary.files, summary.bytes, gain)}</p>
          <p class="hint sofar">{words.sofar(plan, reviewed)}</p>
        </div>
        <div class="tools">
          <button type="button" class="button quiet" disabled={undo.length === 0} onClick={actions.duplicates.undo}>
            <Icon name="undo" />
            {words.undo}
          </button>
          <button type="button" class="button quiet" onClick={onHelp}>
            <Icon name="question" />
            {words.keys}
          </button>
          <button type="button" class="button quiet" onClick={actions.duplicates.report}>
            <Icon name="file" />
            {words.report}
          </button>
          <button type="button" class="button quiet" onClick={actions.duplicates.cancel}>
            {words.again}
          </button>
          <button type="button" class="button primary" onClick={actions.duplicates.toAct}>
            <Icon name="trash" />
            {words.act(plan.files)}
          </button>
        </div>
      </div>
      <KeptNotes shared={shared} again={task.again} />
    </>
  );
}

/** The lists, in the order of their proof. Arrows go from one to the next, as in every row of tabs. */
function Tabs({ list, counts, actions }: { list: DuplicateList; counts: Record<DuplicateList, ListCount>; actions: Actions }) {
  const row = useRef<HTMLDivElement>(null);
  const pick = (each: DuplicateList) => actions.duplicates.dispatch({ kind: 'listed', list: each });
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = turnTo(counts, list, by, actions);
    row.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div ref={row} class="tabs" role="tablist" aria-label={words.tabs} onKeyDown={press}>
      {LISTS.map((each) => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          class={`tab ${each}`}
          role="tab"
          aria-selected={each === list}
          aria-controls="groups"
          tabIndex={each === list ? 0 : -1}
          disabled={counts[each].groups === 0 && each !== list}
          title={text.duplicates.lists[each][1]}
          onClick={() => pick(each)}
        >
          <span class="figure">{count(counts[each].groups)}</span>
          <span class="word">{text.duplicates.lists[each][0]}</span>
          <span class="hint">{each === 'similar' ? words.noGain : words.gain(counts[each].bytes)}</span>
        </button>
      ))}
    </div>
  );
}

/** Shows the next list that has groups; which it is. */
function turnTo(counts: Record<DuplicateList, ListCount>, list: DuplicateList, by: number, actions: Actions): DuplicateList {
  const filled = LISTS.filter((each) => counts[each].groups > 0 || each === list);
  const next = filled[(filled.indexOf(list) + by + filled.length) % filled.length] ?? list;
  if (next !== list) actions.duplicates.dispatch({ kind: 'listed', list: next });
  return next;
}

function GroupRowView({ row, task, actions }: { row: GroupRow; task: DuplicatesReviewing; actions: Actions }) {
  const first = row.units[0];
  const reviewed = isReviewed(row, task.choices);
  const goes = markedIn(row, task.choices).length;
  const path = first?.path ?? '';
  const at = path.lastIndexOf('/') + 1;
  const size = savedBytes(row);
  return (
    <>
      <span class="thumb">
        <Preview previews={actions.previews} item={first?.item ?? null} kind={mediaOf(row.media)} edge={THUMB} alt="" />
      </span>
      <span class="what">
        <span class="who">
          <bdi>{path.slice(at)}</bdi>
          {size > 0 && <span class="size">{bytes(size)}</span>}
        </span>
        <bdi class="label">{at > 0 ? path.slice(0, at - 1) : '\u00A0'}</bdi>
        <span class="marks">
          <span class={`status ${reviewed ? 'matched' : 'kept'}`}>
            {reviewed ? `${words.reviewed}: ${words.reviewedShort(goes)}` : (row.list === 'similar' ? words.shots : words.copies)(row.units.length)}
          </span>
        </span>
      </span>
    </>
  );
}

/** What earlier runs moved, and the way back. */
function Kept({ task: { trashes }, actions }: { task: DuplicatesReviewing; actions: Actions }) {
  if (trashes.length === 0) return null;
  return (
    <details class="fold">
      <summary>{text.duplicates.act.kept(trashes.length)}</summary>
      <p>{text.duplicates.act.keptHint}</p>
      <div class="buttons">
        {trashes.map((place) => (
          <button key={`${place.folder}/${place.name}`} type="button" class="button" onClick={() => void actions.duplicates.putBack(place)}>
            <Icon name="undo" />
            {text.duplicates.act.putBack(place.name)}
          </button>
        ))}
      </div>
    </details>
  );
}

/** Files that belong together: how many by which rule. */
function Stacks({ task: { stacks }, actions }: { task: DuplicatesReviewing; actions: Actions }) {
  const all = stacks.reduce((sum, each) => sum + each.stacks, 0);
  if (all === 0) return null;
  return (
    <details class="fold">
      <summary>{words.stacks(all)}</summary>
      <p>{words.stacksHint}</p>
      <ul>
        {stacks.map(({ rule, stacks: howMany }) => (
          <li key={rule}>
            {words.stackCount(rule, howMany)}{' '}
            <button
              type="button"
              class="button small"
              aria-label={words.takeAllApartOf(rule)}
              onClick={() => actions.duplicates.decide({ kind: 'unstack-all', rule })}
            >
              {words.takeAllApart}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Notes({ task: { summary } }: { task: DuplicatesReviewing }) {
  const { issues } = summary;
  if (issues.length === 0) return null;
  return (
    <details class="fold issues">
      <summary>{words.issues(issues.length)}</summary>
      <ul>
        {issues.slice(0, ISSUES).map(({ path, text: what }, place) => (
          <li key={place}>
            <bdi class="label">{path}</bdi>
            <span class="hint">{what}</span>
          </li>
        ))}
      </ul>
      {issues.length > ISSUES && <p class="hint">{text.review.issuesMore(issues.length - ISSUES)}</p>}
    </details>
  );
}
