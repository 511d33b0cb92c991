// How what every job shares changes. Pure: no DOM, no clock, no worker.

import type { CatalogueTrouble, FileRef, FromCatalogue, FromEngine } from '../../engine/protocol';
import type { Msg } from '../state';
import type { Kept, Shared, Source } from './state';
import { isSkipped, isUsable, NO_TROUBLE } from './state';

/** What a job leaves alone; messages that are not for all jobs change nothing. */
export function updateShared(shared: Shared, msg: Msg): Shared {
  switch (msg.kind) {
    case 'engine':
      return heard(shared, msg.message);
    case 'routed':
      return msg.route === shared.route ? shared : { ...shared, route: msg.route };
    case 'walking':
      return withSource(shared, { ...msg.source, files: [], roots: [], done: false });
    case 'walked': // nothing, if it was removed while it was being walked
      return shared.sources.some((source) => source.id === msg.source.id) ? withSource(shared, msg.source) : shared;
    case 'unwalked':
      return { ...withoutSource(shared, msg.id), problem: msg.problem };
    case 'removed':
      return withoutSource(shared, msg.id);
    case 'ready':
      return { ...shared, defaults: msg.defaults, storage: msg.storage, unloaded: null };
    case 'loading':
      return { ...shared, unloaded: null };
    case 'unloaded':
      return { ...shared, unloaded: msg.text };
    case 'skipped':
      return { ...shared, skipped: withSkipped(shared.skipped, msg.file) };
    case 'asked':
      return { ...shared, kept: { at: 'asked', counts: null, troubles: NO_TROUBLE } };
    case 'doubted':
      return { ...shared, kept: { ...shared.kept, at: 'question' } };
    case 'spared':
      return { ...shared, kept: { ...shared.kept, at: 'told' } };
    case 'unpromised':
      return { ...shared, unpromised: msg.unpromised };
    case 'forgotten':
      return { ...shared, kept: forgotten(shared.kept, msg.trouble) };
    case 'problem':
      return { ...shared, problem: msg.text };
    case 'new-version':
      return { ...shared, newVersion: true };
    default:
      return shared;
  }
}

function heard(shared: Shared, message: FromEngine): Shared {
  switch (message.kind) {
    case 'catalogue':
      return { ...shared, troubles: message.troubles };
    case 'counted':
      return { ...shared, kept: { at: 'told', counts: message.counts, troubles: message.troubles } };
    case 'forgot':
      return { ...shared, kept: forgot(message) };
    case 'exported': // the file is a download, see effects.ts
      return message.blob !== null ? shared : { ...shared, kept: { ...shared.kept, troubles: message.troubles } };
    default:
      return shared; // pictures are kept beside the state, see previews.ts
  }
}

/** Each file once. */
export function withSkipped(skipped: FileRef[], file: FileRef): FileRef[] {
  return isSkipped(skipped, file) ? skipped : [...skipped, file];
}

/** What was learnt is gone; decisions are asked about, wherever there are any or nobody knows. */
function forgot({ counts, troubles }: FromCatalogue & { kind: 'forgot' }): Kept {
  const away = troubles.cache?.why === 'busy' || troubles.cache?.why === 'absent';
  return { at: away ? 'told' : 'question', counts, troubles };
}

/** Whether nothing is left to ask about: no decision, and no saved chat. */
export function isEmpty({ counts, troubles }: Pick<Kept, 'counts' | 'troubles'>): boolean {
  return counts !== null && isUsable(troubles.forever) && counts.answers + counts.runs === 0;
}

function forgotten(kept: Kept, trouble: CatalogueTrouble | null): Kept {
  if (trouble !== null) return { ...kept, troubles: { cache: trouble, forever: trouble } };
  return { at: 'deleted', counts: null, troubles: NO_TROUBLE };
}

/** A chat replaces the chat; folders add up. */
function withSource(shared: Shared, source: Source): Shared {
  const known = shared.sources.some((each) => each.id === source.id);
  if (known) return { ...shared, sources: shared.sources.map((each) => (each.id === source.id ? source : each)) };
  const others = shared.sources.filter((each) => source.side !== 'chat' || each.side !== 'chat');
  return { ...shared, problem: null, skipped: [], sources: [...others, source] };
}

/** Other inputs may have other files at the same paths: nothing of them is skipped. */
function withoutSource(shared: Shared, id: number): Shared {
  return { ...shared, skipped: [], sources: shared.sources.filter((source) => source.id !== id) };
}
