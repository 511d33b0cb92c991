// One group: its units as cards side by side, what differs, which stays, and what can be decided about it.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { GroupDetails, GroupMedia, GroupRow, MediaKind, UnitDetails, UnitRow } from '../../engine/protocol';
import { going, isReviewed, markedIn } from '../../state/duplicates/choices';
import type { DuplicatesReviewing, DuplicatesView } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import { text } from '../../text/en';
import { apartOf, inOrder, keyOf, shownOf } from '../../text/en/differences';
import { bytes } from '../../text/numbers';
import type { IconName } from '../parts/icons';
import { Icon } from '../parts/icons';
import { Preview, Video } from '../parts/preview';
import { Pictures } from '../parts/stage';
import { Helpers } from './helpers';

const words = text.duplicates.group;

/** Pixels of the long edge of a card's picture. */
const CARD = 640;

const VIEWS: [DuplicatesView, IconName][] = [
  ['cards', 'copies'],
  ['side', 'sides'],
  ['swipe', 'swipe'],
  ['difference', 'differ'],
];

interface Props {
  task: DuplicatesReviewing;
  group: GroupRow;
  /** Groups that the list shows. */
  shown: number;
  actions: Actions;
}

export function mediaOf(media: GroupMedia): MediaKind {
  return media === 'photo' ? 'image' : media === 'video' ? 'video' : 'document';
}

export function Group({ task, group, shown, actions }: Props) {
  const details = task.details.get(group.id) ?? null;
  const others = useMemo(() => going(task.groups, task.choices, group.id), [task.groups, task.choices, group.id]);
  const view = group.media === 'photo' && group.units.length > 1 ? task.view : 'cards';
  return (
    <article class="compare group" aria-label={words.name(group.list, group.units.length)}>
      <Head task={task} group={group} actions={actions} />
      {task.told !== null && (
        <p class="note" role="status">
          {text.duplicates.review.told(task.told)}
        </p>
      )}
      <Decide task={task} group={group} actions={actions} />
      {group.media === 'photo' && <Views view={view} task={task} actions={actions} />}
      {view === 'cards' ? (
        <ul class="cards">
          {group.units.map((unit, place) => (
            <Card
              key={unit.unit}
              task={task}
              group={group}
              unit={unit}
              place={place}
              details={details}
              elsewhere={others.has(unit.unit)}
              actions={actions}
            />
          ))}
        </ul>
      ) : (
        <Against task={task} group={group} details={details} view={view} actions={actions} />
      )}
      <p class="reason">{details === null ? words.loading : details.reason === '' ? '' : words.why(details.reason)}</p>
      <Helpers group={group} shown={shown} actions={actions} />
    </article>
  );
}

/** Which group it is. On a narrow screen it also leads back to the list, and takes the focus when it opens. */
function Head({ task, group, actions }: Omit<Props, 'shown'>) {
  const { dispatch } = actions.duplicates;
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!task.open || back.current === null || back.current.offsetParent === null) return undefined;
    back.current.focus();
    return () => document.querySelector<HTMLElement>('.rows')?.focus();
  }, [task.open]);
  const reviewed = isReviewed(group, task.choices);
  const turn = (by: number, label: string, icon: IconName) => (
    <button type="button" class="button icon-only" aria-label={label} onClick={() => dispatch({ kind: 'moved', by })}>
      <Icon name={icon} />
    </button>
  );
  return (
    <header class="compare-head">
      <button
        ref={back}
        type="button"
        class="button icon-only back"
        aria-label={text.duplicates.review.back}
        onClick={() => {
          if (task.view !== 'cards') dispatch({ kind: 'viewed', view: 'cards' });
          dispatch({ kind: 'closed' });
        }}
      >
        <Icon name="back" />
      </button>
      <div class="what">
        <h2>{words.name(group.list, group.units.length)}</h2>
        <p class="hint">{text.duplicates.lists[group.list][1]}</p>
      </div>
      <label class="tick">
        <input
          type="checkbox"
          checked={reviewed}
          onChange={(event) => dispatch({ kind: 'reviewed', reviewed: event.currentTarget.checked, scope: 'group' })}
        />
        {words.isReviewed}
        <kbd aria-hidden="true">R</kbd>
      </label>
      <div class="turn">
        {turn(-1, text.duplicates.review.previous, 'up')}
        {turn(1, text.duplicates.review.next, 'down')}
      </div>
    </header>
  );
}

function Decide({ task, group, actions }: Omit<Props, 'shown'>) {
  const { dispatch, decide } = actions.duplicates;
  const units = group.units.map(({ unit }) => unit);
  const similar = group.list === 'similar';
  const best = (
    <button type="button" class={similar ? 'button' : 'button primary'} onClick={() => dispatch({ kind: 'keep-best' })}>
      <Icon name="check" />
      {words.keepBest}
      <kbd aria-hidden="true">B</kbd>
    </button>
  );
  return (
    <div class="decide">
      {!similar && best}
      <button type="button" class={similar ? 'button primary' : 'button'} title={words.stackHint} onClick={() => decide({ kind: 'stack', units })}>
        <Icon name="stack" />
        {words.stack}
        <kbd aria-hidden="true">S</kbd>
      </button>
      <button type="button" class="button" title={words.notDuplicatesHint} onClick={() => decide({ kind: 'not-a-duplicate', units })}>
        <Icon name="cross" />
        {words.notDuplicates}
        <kbd aria-hidden="true">X</kbd>
      </button>
      <button type="button" class="button" aria-pressed={isReviewed(group, task.choices)} onClick={() => dispatch({ kind: 'done-with' })}>
        {words.doneWith}
        <kbd aria-hidden="true">⏎</kbd>
      </button>
    </div>
  );
}

function Views({ view, task, actions }: { view: DuplicatesView; task: DuplicatesReviewing; actions: Actions }) {
  const { dispatch } = actions.duplicates;
  return (
    <div class="stage-tools">
      <div class="switch" role="group" aria-label={words.viewLabel}>
        {VIEWS.map(([each, icon]) => (
          <button key={each} type="button" aria-pressed={view === each} onClick={() => dispatch({ kind: 'viewed', view: each })}>
            <Icon name={icon} />
            {words.views[each]}
          </button>
        ))}
      </div>
      {view !== 'cards' && (
        <button type="button" class="button small" aria-pressed={task.zoom} onClick={() => dispatch({ kind: 'zoomed' })}>
          <Icon name="zoom" />
          {task.zoom ? words.zoomOut : words.zoomIn}
        </button>
      )}
    </div>
  );
}

interface CardProps {
  task: DuplicatesReviewing;
  group: GroupRow;
  unit: UnitRow;
  place: number;
  details: GroupDetails | null;
  /** It is not marked here, and goes by another group all the same. */
  elsewhere: boolean;
  actions: Actions;
}

function Card({ task, group, unit, place, details, elsewhere, actions }: CardProps) {
  const card = useRef<HTMLLIElement>(null);
  const { dispatch } = actions.duplicates;
  const here = task.place === place;
  const before = useRef(here);
  useEffect(() => {
    if (here && !before.current) card.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    before.current = here;
  }, [here]);
  const goes = markedIn(group, task.choices).includes(unit.unit);
  const name = nameOf(unit.path);
  const more = details?.units.find((each) => each.unit === unit.unit) ?? null;
  return (
    <li ref={card} class={`card ${goes ? 'goes' : 'stays'} ${here ? 'here' : ''}`} {...(here ? { 'aria-current': true } : {})}>
      <div class="picture">
        {group.media === 'video' ? (
          <Video previews={actions.previews} item={unit.item} label={name} />
        ) : (
          <button type="button" aria-label={words.look(place + 1, name)} onClick={() => dispatch({ kind: 'placed', place })}>
            <Preview previews={actions.previews} item={unit.item} kind={mediaOf(group.media)} edge={CARD} alt="" />
          </button>
        )}
        <kbd aria-hidden="true">{place + 1}</kbd>
        {place === 0 && <span class="chip">{words.keeper}</span>}
      </div>
      <label class="fate">
        <input type="checkbox" checked={goes} aria-label={words.mark(name)} onChange={() => dispatch({ kind: 'toggled', unit: unit.unit })} />
        <span>{goes ? words.goes : elsewhere ? words.goesElsewhere : words.stays}</span>
      </label>
      <p class="file">
        <bdi class="label">{name}</bdi>
        <bdi class="hint">{unit.path.slice(0, Math.max(0, unit.path.length - name.length - 1))}</bdi>
      </p>
      <Facts unit={unit} more={more} details={details} />
      {more !== null && <Together unit={unit} more={more} asks={goes && hasOtherHalves(more, details)} actions={actions} />}
    </li>
  );
}

/** Only what differs in this group, and how. A value that is not the keeper's stands out. */
function Facts({ unit, more, details }: { unit: UnitRow; more: UnitDetails | null; details: GroupDetails | null }) {
  if (more === null || details === null) return <p class="hint">{bytes(unit.bytes)}</p>;
  const all = details.units.flatMap(({ differs }) => differs);
  const keys = inOrder(all.map(({ key }) => key));
  const info = more.files[0]?.info;
  const size = info !== undefined && info.width !== null && info.height !== null ? `${info.width} × ${info.height}` : null;
  const common = [keys.includes('pixels') ? null : size, keys.includes('bytes') ? null : bytes(unit.bytes)].filter((part) => part !== null);
  return (
    <>
      {more.edits.length > 0 && (
        <p class="marks">
          {more.edits.map((edit) => (
            <span key={edit} class="edit-badge">
              {text.duplicates.edits[edit] ?? edit}
            </span>
          ))}
        </p>
      )}
      <dl class="differs">
        {keys.map((key) => {
          const own = more.differs.find((each) => each.key === key);
          const json = own?.own ?? all.find((each) => each.key === key)?.keeper ?? 'null';
          const apart = own === undefined ? null : apartOf(key, own.keeper, own.own);
          return (
            <div key={key} class={own === undefined ? 'same' : 'other'}>
              <dt>{keyOf(key)}</dt>
              <dd>
                <bdi>{shownOf(key, json)}</bdi>
                {apart !== null && <span class="hint"> {apart}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      {common.length > 0 && <p class="hint">{common.join(' · ')}</p>}
      {more.chats.length > 0 && (
        <p class="hint">
          <bdi>{words.inChats(more.chats)}</bdi>
        </p>
      )}
    </>
  );
}

/** Whether a unit of this group has fewer files than this one, or more: a still beside a Live Photo. */
function hasOtherHalves({ files }: UnitDetails, details: GroupDetails | null): boolean {
  return details?.units.some((each) => each.files.length !== files.length) ?? false;
}

interface TogetherProps {
  unit: UnitRow;
  more: UnitDetails;
  /** It is to go, and what stays has other files: then what goes with it is a question. */
  asks: boolean;
  actions: Actions;
}

/** The files of a unit, why they belong together, and how to take them apart. */
function Together({ unit, more, asks, actions }: TogetherProps) {
  const { rule, files } = more;
  if (files.length < 2 || rule === null) return null;
  const { decide } = actions.duplicates;
  const alone = () => decide({ kind: 'unstack', unit: unit.unit });
  return (
    <div class="together">
      <p>
        <span class="edit-badge">{text.duplicates.rules[rule][0]}</span> <span class="hint">{words.together(rule)}</span>
      </p>
      <ul>
        {files.map(({ info }) => (
          <li key={info.item}>
            <bdi>{nameOf(info.path)}</bdi> <span class="hint">{bytes(info.bytes)}</span>
          </li>
        ))}
      </ul>
      {asks ? (
        <fieldset class="halves">
          <legend>{words.halves}</legend>
          <button type="button" class="button small" aria-pressed={true}>
            <Icon name="check" />
            {words.wholeUnit(files.length)}
          </button>
          <button type="button" class="button small" aria-pressed={false} onClick={alone}>
            <bdi>{words.fileAlone(nameOf(files[0]?.info.path ?? ''))}</bdi>
          </button>
          <button type="button" class="button small" aria-pressed={false} onClick={() => decide({ kind: 'unstack-all', rule })}>
            {words.kindAlone(rule)}
          </button>
        </fieldset>
      ) : (
        <button type="button" class="button small" onClick={alone}>
          {words.takeApart}
        </button>
      )}
    </div>
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

interface AgainstProps {
  task: DuplicatesReviewing;
  group: GroupRow;
  details: GroupDetails | null;
  view: Exclude<DuplicatesView, 'cards'>;
  actions: Actions;
}

/** The suggested keeper against one of the others. */
function Against({ task, group, details, view, actions }: AgainstProps) {
  const place = Math.max(1, task.place);
  const found = (at: number) => details?.units.find((each) => each.unit === group.units[at]?.unit);
  const [keeper, other] = [found(0), found(place)];
  const left = keeper?.files[0]?.info ?? null;
  const right = other?.files[0]?.info ?? null;
  if (left === null || right === null || group.units[place] === undefined) return <p class="hint">{words.loading}</p>;
  return (
    <>
      <Pictures
        left={left}
        right={right}
        titles={[nameOf(left.path), nameOf(right.path)]}
        missing={['', '']}
        kind="image"
        view={view}
        zoom={task.zoom}
        divider={words.divider}
        previews={actions.previews}
      />
      {view === 'difference' && <p class="hint">{words.differenceHint}</p>}
      {group.units.length > 2 && (
        <div class="candidates">
          <p class="hint">{words.against}</p>
          <ul>
            {group.units.slice(1).map((unit, at) => (
              <li key={unit.unit}>
                <button
                  type="button"
                  class="candidate"
                  aria-pressed={place === at + 1}
                  aria-label={`${at + 2}: ${nameOf(unit.path)}`}
                  onClick={() => actions.duplicates.dispatch({ kind: 'placed', place: at + 1 })}
                >
                  <Preview previews={actions.previews} item={unit.item} kind="image" edge={240} alt="" />
                  <kbd>{at + 2}</kbd>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
