// The only folder that the page and the engine worker both import: what they say to each other.
// Every message has a kind and a job number, so that late messages of a cancelled job can be told apart.

import type { FirstWord, FromAnyJob, FromCatalogue, LoadEngine, ToAnyJob, ToCatalogue } from './common';
import type { FromDuplicates, StartDuplicates, ToDuplicates } from './duplicates';
import type { FromLink, StartLink, ToLink } from './link';

export * from './common';
export * from './duplicates';
export * from './link';
export * from './types';

/** What begins a job, each its own. */
export type StartJob = StartLink | StartDuplicates;
export type ToEngine = StartJob | ToLink | ToDuplicates | ToAnyJob | ToCatalogue;
export type FromEngine = FromLink | FromDuplicates | FromAnyJob | FromCatalogue;
export type ToWorker = ToEngine | LoadEngine;
export type FromWorker = FromEngine | FirstWord;
