// What differs between two files, in words: values cross as JSON, and what they mean depends on the property.

import { bytes, count, lengthOfTime } from '../numbers';
import { duplicates } from './duplicates';

/** What stands first is what people ask first. */
const ORDER = [
  'pixels',
  'bytes',
  'format',
  'date',
  'seconds',
  'place',
  'camera',
  'lens',
  'edited',
  'turned',
  'tags',
  'rating',
  'profile',
  'sidecar',
  'name',
  'folder',
];

/** The properties in the order of a card; what is not known here comes last. */
export function inOrder(keys: Iterable<string>): string[] {
  const place = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return [...new Set(keys)].sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1));
}

/** A property as a word. */
export function keyOf(key: string): string {
  return duplicates.keys[key] ?? key;
}

/** A value as people write it. */
export function shownOf(key: string, json: string): string {
  const value = parsed(json);
  if (value === null || value === undefined || value === '') return duplicates.unknown;
  switch (key) {
    case 'bytes':
      return typeof value === 'number' ? bytes(value) : plain(value);
    case 'pixels':
      return Array.isArray(value) && value.length === 2 ? `${value[0]} × ${value[1]}` : plain(value);
    case 'date':
      return typeof value === 'string' ? dateTime(value) : plain(value);
    case 'place':
      return place(value);
    case 'rating':
      return typeof value === 'number' ? `${count(value)} of 5` : plain(value);
    case 'edited':
      return typeof value === 'boolean' ? (value ? 'yes' : 'no') : plain(value);
    default:
      return plain(value);
  }
}

/** By how much this one is off; null: that says nothing. */
export function apartOf(key: string, keeper: string, own: string): string | null {
  const [one, other] = [parsed(keeper), parsed(own)];
  if (key === 'date' && typeof one === 'string' && typeof other === 'string') {
    const seconds = (momentOf(other) - momentOf(one)) / 1_000;
    return Number.isFinite(seconds) && seconds !== 0 ? `${lengthOfTime(Math.abs(seconds))} ${seconds > 0 ? 'later' : 'earlier'}` : null;
  }
  return null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json; // the text itself
  }
}

/** Wall-clock time without a zone, which is compared as if it were in UTC. */
function momentOf(text: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
}

const day = new Intl.DateTimeFormat('en', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });

/** "22 Dec 2024, 20:36:00", with its zone where it has one. */
function dateTime(text: string): string {
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?(.*)$/.exec(text) ?? [];
  if (date === undefined) return text;
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return text;
  return [day.format(at), time === undefined ? null : `${time}${zone === '' ? '' : ` ${zone === 'Z' ? 'UTC' : zone}`}`]
    .filter((part) => part !== null)
    .join(', ');
}

function place(value: unknown): string {
  const { lat, lon } = value as { lat?: unknown; lon?: unknown };
  const [north, east] = Array.isArray(value) ? value : [lat, lon];
  return typeof north === 'number' && typeof east === 'number' ? `${north.toFixed(4)}, ${east.toFixed(4)}` : plain(value);
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return count(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(', ');
  if (value === null || typeof value !== 'object') return duplicates.unknown;
  return Object.values(value).map(plain).join(', ');
}
