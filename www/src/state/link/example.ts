// Rows, reviews and states for the tests beside this file. Not part of the page.

import type { Candidate, Count, ItemInfo, Progress, Review, Row } from '../../engine/protocol';
import type { State } from '../state';
import { initialState } from '../state';
import { update } from '../update';

const none = { phashDistance: null, residual: null, runnerUpRatio: null, timeDifferenceS: null, durationDifferenceS: null };

export function info(item: number, more: Partial<ItemInfo> = {}): ItemInfo {
  return { item, path: `DCIM/IMG_${item}.HEIC`, bytes: 3_000_000, width: 4032, height: 3024, takenS: null, camera: null, ...more };
}

export function candidate(item: number): Candidate {
  return { original: info(item), score: { ...none, residual: item / 100 } };
}

export function row(medium: number, more: Partial<Row> = {}): Row {
  return {
    medium,
    name: `${medium}-PHOTO.jpg`,
    kind: 'image',
    exported: info(medium, { path: `${medium}-PHOTO.jpg` }),
    sentS: 1_700_000_000 + medium,
    sender: 'Ada',
    caption: '',
    decision: 'matched',
    edits: [],
    original: info(1_000 + medium),
    also: [],
    score: none,
    reason: { kind: 'equal', original: `IMG_${1_000 + medium}.HEIC` },
    candidates: [],
    answer: null,
    ...more,
  };
}

const count: Count = { exported: 0, matched: 0, ambiguous: 0, unmatched: 0 };

export function review(rows: Row[]): Review {
  return {
    chat: {
      title: 'Family',
      messages: 10,
      participants: ['Ada', 'Ben'],
      firstS: 0,
      lastS: 1,
      dateOrder: 'dmy',
      dateEvidence: null,
      datesDecided: true,
      dateChoices: [],
      originals: 9,
    },
    images: count,
    videos: count,
    others: count,
    offsets: [],
    rows,
    issues: [],
  };
}

export function progress(done: number, total: number, more: Partial<Progress> = {}): Progress {
  return { stage: 'examine', done, total, bytesRead: 0, bytesWritten: 0, matched: 0, ...more };
}

export function running(job: number): State {
  const state = update(initialState, { kind: 'started', job, unconfirmed: [] });
  if (state.task.step !== 'progress') throw new Error(`a started job is in step ${state.task.step}`);
  return state;
}

export function reviewing(job: number, rows: Row[]): State {
  const state = update(running(job), { kind: 'engine', at: 0, message: { kind: 'decided', job, review: review(rows) } });
  if (state.task.step !== 'review') throw new Error(`a decided job is in step ${state.task.step}`);
  return state;
}
