// Step 4: the second question, the moving, what came of it, and putting everything back.

import type { LeftFile, TrashFile } from '../../engine/protocol';
import { TRASH } from '../../engine/protocol';
import type { DuplicatesActing, Trashed } from '../../state/duplicates/state';
import { canAct, foldersGiven } from '../../state/duplicates/state';
import type { Actions } from '../../state/effects';
import type { Shared } from '../../state/shared/state';
import { text } from '../../text/en';
import { bytes } from '../../text/numbers';
import { StepHeading } from '../parts/heading';
import { Icon, Mark } from '../parts/icons';
import { Problem } from '../parts/problem';

const words = text.duplicates.act;

/** More files than this are only counted; the plan has them all. */
const SHOWN = 500;

interface Props {
  shared: Shared;
  task: DuplicatesActing;
  actions: Actions;
}

export function ActStep({ shared, task, actions }: Props) {
  const { phase } = task;
  switch (phase.at) {
    case 'question':
      return <Question key="question" shared={shared} task={task} files={phase.files} actions={actions} />;
    case 'moving':
      return <Moving key="moving" title={words.moving} done={phase.done} total={phase.total} />;
    case 'done':
      return <Done key="done" shared={shared} trashed={phase.trashed} actions={actions} />;
    case 'restoring':
      return <Moving key="restoring" title={words.restoring} done={phase.done} total={phase.total} />;
    case 'restored':
      return <Restored key="restored" files={phase.files} left={phase.left} cause={phase.cause} actions={actions} />;
  }
}

/** It names files, units and bytes. The harmless answer stands beside the other, as large. */
function Question({ shared, task, files, actions }: Props & { files: TrashFile[] | null }) {
  const { plan } = task;
  const able = canAct(shared);
  const howMany = files?.length ?? plan.files;
  return (
    <div class="act narrow">
      <StepHeading>{words.title(howMany)}</StepHeading>
      <p class="lead">{words.lead({ ...plan, files: howMany })}</p>
      <p>{words.where}</p>
      <Problem text={shared.problem} />
      {!able && (
        <div class="note">
          <p>{words.readOnly}</p>
          <p class="raw">{words.command(text.duplicates.review.planName)}</p>
          <p>{words.choose}</p>
        </div>
      )}
      <div class="go">
        {able ? (
          <button type="button" class="button primary large" disabled={files === null} onClick={() => void actions.duplicates.trash()}>
            <Icon name="trash" />
            {words.yes(howMany)}
          </button>
        ) : (
          <button type="button" class="button primary large" onClick={actions.duplicates.savePlan}>
            {words.savePlan}
          </button>
        )}
        <button type="button" class="button large" onClick={() => actions.duplicates.dispatch({ kind: 'to-review' })}>
          {words.no}
        </button>
        {able && (
          <button type="button" class="button quiet" onClick={actions.duplicates.savePlan}>
            {words.planToo}
          </button>
        )}
      </div>
      {able && <p class="hint">{words.allow}</p>}
      <section aria-labelledby="act-files">
        <h2 id="act-files">{words.files}</h2>
        {files === null ? <p class="hint">{words.listing}</p> : <Files files={files} />}
      </section>
    </div>
  );
}

function Files({ files }: { files: TrashFile[] }) {
  return (
    <>
      <ul class="paths" tabIndex={0} aria-label={words.files}>
        {files.slice(0, SHOWN).map(({ path, bytes: size }) => (
          <li key={path}>
            <bdi class="label">{path}</bdi>
            <span class="hint">{bytes(size)}</span>
          </li>
        ))}
      </ul>
      {files.length > SHOWN && <p class="hint">{words.more(files.length - SHOWN)}</p>}
    </>
  );
}

function Moving({ title, done, total }: { title: string; done: number; total: number }) {
  return (
    <div class="act narrow">
      <StepHeading>{title}</StepHeading>
      <p class="lead">{words.movingHint}</p>
      <div class="bar">
        <progress aria-label={title} {...(total > 0 ? { value: done, max: total } : {})} />
        <p class="figures">
          <span>{words.ofTotal(done, total)}</span>
        </p>
      </div>
    </div>
  );
}

function Done({ shared, trashed, actions }: { shared: Shared; trashed: Trashed; actions: Actions }) {
  const given = foldersGiven(shared);
  const places = trashed.places.map(({ folder, name }) => `“\u2068${nameOf(given, folder)}${TRASH}/${name}\u2069”`);
  return (
    <div class="act done narrow">
      <span class="seal">
        <Mark />
      </span>
      <StepHeading>{words.done(trashed.files)}</StepHeading>
      {trashed.files > 0 && <p class="lead">{words.doneLead(trashed.bytes, places)}</p>}
      {trashed.cause !== null && <p class="note warn">{words.causes[trashed.cause]}</p>}
      <Problem text={shared.problem} />
      <div class="go">
        <button type="button" class="button primary large" onClick={() => actions.duplicates.dispatch({ kind: 'to-review' })}>
          {words.back}
        </button>
        {trashed.files > 0 && (
          <button type="button" class="button large" onClick={() => void actions.duplicates.restore()}>
            <Icon name="undo" />
            {words.restore}
          </button>
        )}
        <button type="button" class="button quiet" onClick={actions.duplicates.startOver}>
          {words.over}
        </button>
      </div>
      <Left left={trashed.left} />
    </div>
  );
}

/** With several folders the folder's name comes first. */
function nameOf(given: { roots: FileSystemHandle[] }[], folder: number): string {
  const roots = given.flatMap(({ roots: each }) => each);
  return roots.length > 1 ? `${roots[folder]?.name ?? ''}/` : '';
}

interface RestoredProps {
  files: number;
  left: LeftFile[];
  cause: Trashed['cause'];
  actions: Actions;
}

function Restored({ files, left, cause, actions }: RestoredProps) {
  const whole = left.length === 0 && cause === null;
  return (
    <div class="act done narrow">
      <span class="seal">
        <Mark />
      </span>
      <StepHeading>{words.restored(files)}</StepHeading>
      <p class="lead">{whole ? words.restoredLead : words.restoredPartly}</p>
      {cause !== null && <p class="note warn">{words.causes[cause]}</p>}
      <div class="go">
        <button type="button" class="button primary large" onClick={() => actions.duplicates.dispatch({ kind: 'to-review' })}>
          {words.back}
        </button>
        <button type="button" class="button quiet" onClick={actions.duplicates.startOver}>
          {words.over}
        </button>
      </div>
      <Left left={left} />
    </div>
  );
}

function Left({ left }: { left: LeftFile[] }) {
  if (left.length === 0) return null;
  return (
    <section class="issues" aria-labelledby="left">
      <h2 id="left">{words.left(left.length)}</h2>
      <ul>
        {left.slice(0, SHOWN).map(({ path, text: why }) => (
          <li key={path}>
            <bdi class="label">{path}</bdi>
            <span class="hint">{why}</span>
          </li>
        ))}
      </ul>
      {left.length > SHOWN && <p class="hint">{words.more(left.length - SHOWN)}</p>}
    </section>
  );
}
