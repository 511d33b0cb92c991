// An engine that only says what it was told to: so the page can be tried with ten thousand groups, and in every state, in seconds.
// It stands in for `engine/*/heirloom_wasm.js`; the worker, the messages and the page are the real ones.

import { readFileSync } from 'node:fs';

/** The module's text: `count` groups, over pictures of these files. `change` is code that runs in it and may change what follows. */
export function standIn({ count = 40, pictures = [], similar = 0, change = '' }) {
  const jpegs = pictures.map((place) => readFileSync(place).toString('base64'));
  return `
const JPEGS = ${JSON.stringify(jpegs)}.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
const COUNT = ${count}, SIMILAR = ${similar};
export default async function init() {}
export const initThreadPool = async () => {};
export const defaultSettings = () => ({ mode: 'balanced', matchWindowSeconds: 600, phashThreshold: null, search: 'library', heic: 'view', dateOrder: 'auto' });
export class Job {}
export class Volume { static cache() { return {}; } static forever() { return {}; } }
export class Catalogue { cacheTrouble() {} foreverTrouble() {} remembered() { return { files: 0, answers: 0, runs: 0, bytes: 0, foreverBytes: 0 }; } free() {} }
export class TrashRun {}
const LISTS = ['exact', 'payload', 'shot'];
function made(at) {
  const list = at >= COUNT - SIMILAR ? 'similar' : LISTS[at % 7 === 0 ? 2 : at % 5 === 0 ? 1 : 0];
  const units = Array.from({ length: 2 + (at % 9 === 0 ? 2 : at % 4 === 0 ? 1 : 0) }, (_, place) => ({
    unit: at * 10 + place,
    item: (at * 3 + (list === 'similar' ? place : 0)) % 997,
    path: ['DCIM/100APPLE/IMG_' + (1000 + at) + '.HEIC', 'WhatsApp Images/IMG-20241222-WA' + String(at).padStart(4, '0') + '.jpg', 'Backup 2023/old phone/IMG_' + (1000 + at) + ' (1).jpg', 'Desktop/holiday ' + at + '.jpg'][place],
    files: place === 0 && at % 6 === 0 ? 2 : 1,
    bytes: Math.round((list === 'shot' && place > 0 ? 240_000 : 2_900_000) * (1 + (at % 13) / 6)),
    pixels: list === 'shot' && place > 0 ? 1600 * 1200 : 4032 * 3024,
    dateS: 1734899760 + at * 4711 + place * 43200,
  }));
  return { id: 'g' + at, list, media: at % 11 === 10 ? 'other' : 'photo', units };
}
export class Duplicates {
  constructor() { this.all = Array.from({ length: COUNT }, (_, at) => made(at)); this.steps = 0; this.undo = []; }
  remember() {}
  free() {}
  advance() {
    this.steps += 1;
    const total = 40;
    const done = Math.min(total, this.steps);
    const until = performance.now() + STEP_MS;
    while (performance.now() < until);
    return { progress: { stage: 'examine', done: done * 300, total: total * 300, bytesRead: done * 9e6, bytesWritten: 0, matched: 0 }, done: done === total, need: null };
  }
  groups() { return this.all.length; }
  rows(from, to) { return this.all.slice(from, to); }
  summary() { return { files: 12_345, bytes: 48_200_000_000, left: 0, issues: [{ path: 'DCIM/100APPLE/IMG_0666.HEIC', text: 'it is damaged: the decoder returned another number of pixels' }] }; }
  stacks() { return [{ rule: 'livePhoto', stacks: 812 }, { rule: 'rawJpg', stacks: 97 }, { rule: 'burst', stacks: 14 }]; }
  details(id) {
    const group = this.all.find((each) => each.id === id);
    const j = JSON.stringify;
    return {
      id,
      reason: group.list === 'exact' ? 'It lies in an album folder, and was there first.' : 'It has the most detail, its place and its date.',
      units: group.units.map((unit, place) => ({
        unit: unit.unit,
        files: Array.from({ length: unit.files }, (_, at) => ({
          info: { item: unit.item + at, path: at === 0 ? unit.path : unit.path.replace(/\\.[^.]+$/, '.MOV'), bytes: at === 0 ? unit.bytes : 1_200_000, width: group.list === 'shot' && place > 0 ? 1600 : 4032, height: group.list === 'shot' && place > 0 ? 1200 : 3024, takenS: unit.dateS, camera: 'Apple iPhone 11 Pro' },
          media: group.media,
        })),
        rule: unit.files > 1 ? 'livePhoto' : null,
        edits: group.list === 'shot' && place > 0 ? ['resized'] : [],
        chats: place === 0 ? ['Chat with Ann/original_media/IMG_0001.HEIC'] : [],
        differs: place === 0 ? [] : group.list === 'exact' ? [{ key: 'name', keeper: j(group.units[0].path), own: j(unit.path) }] : [
          { key: 'date', keeper: j('2024-12-22T20:36:00'), own: j('2024-12-23T08:36:00') },
          ...(group.list === 'shot' ? [{ key: 'pixels', keeper: j([4032, 3024]), own: j([1600, 1200]) }, { key: 'bytes', keeper: j(group.units[0].bytes), own: j(unit.bytes) }, { key: 'place', keeper: j({ lat: 46.6247, lon: 14.3053 }), own: 'null' }, { key: 'camera', keeper: j('Apple iPhone 11 Pro'), own: 'null' }] : []),
          ...(group.list === 'payload' ? [{ key: 'rating', keeper: j(5), own: 'null' }, { key: 'tags', keeper: j(['sea', 'family']), own: j([]) }] : []),
        ],
      })),
    };
  }
  without(units) { const gone = new Set(units); this.undo.push(this.all); this.all = this.all.filter((group) => !group.units.every(({ unit }) => gone.has(unit))); }
  stack(units) { this.without(units); }
  notDuplicates(units) { this.without(units); }
  apart(of) { this.undo.push(this.all); this.all = this.all.map((group) => ({ ...group, units: group.units.map((unit) => (of(unit) && unit.files > 1 ? { ...unit, unit: unit.unit + 5, files: 1 } : unit)) })); }
  unstack(unit) { this.apart((each) => each.unit === unit); }
  unstackAll() { this.apart(() => true); }
  takeBack() { this.all = this.undo.pop() ?? this.all; }
  order(units) { const gone = new Set(units); return this.all.flatMap((group) => group.units).filter(({ unit }) => gone.has(unit)).flatMap(({ path, files, bytes }) => Array.from({ length: files }, (_, at) => ({ path: at === 0 ? path : path + '.MOV', bytes: Math.round(bytes / files) }))); }
  document(units, keepers) { return JSON.stringify({ version: 1, trash: [...units], keepers }); }
  report() { return '<!doctype html><title>Report</title><h1>Report</h1>'; }
  unitsOf() { return new Uint32Array(); }
  preview(item) { return JPEGS[item % JPEGS.length]; }
  blob() { return new Blob([]); }
  isDeflated() { return false; }
}
let STEP_MS = 0;
${change}
`;
}

/** For `host`: the stand-in in place of both engines. */
export function withStandIn(options) {
  const text = Buffer.from(standIn(options));
  return (name, bytes) => (/^engine[\\/](single|threads)[\\/]heirloom_wasm\.js$/.test(name) ? text : bytes);
}
