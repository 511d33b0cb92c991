import { describe, expect, it } from 'vitest';
import { apartOf, inOrder, shownOf } from './differences';

describe('what differs, in words', () => {
  const check = (key: string, value: unknown, want: string) => expect(shownOf(key, JSON.stringify(value)), key).toBe(want);

  it('has the units of its property', () => {
    check('bytes', 3_100_000, '3.1 MB');
    check('pixels', [4032, 3024], '4032 × 3024');
    check('date', '2024-12-22T20:36:00', 'Dec 22, 2024, 20:36:00');
    check('date', '2024-12-22T20:36:00+01:00', 'Dec 22, 2024, 20:36:00 +01:00');
    check('date', '2024-12-22T20:36:00Z', 'Dec 22, 2024, 20:36:00 UTC');
    check('place', { lat: 46.62, lon: 14.31 }, '46.6200, 14.3100');
    check('place', [46.62, 14.31], '46.6200, 14.3100');
    check('edited', true, 'yes');
    check('rating', 4, '4 of 5');
    check('tags', ['sea', 'sun'], 'sea, sun');
    check('tags', [], 'none');
    check('camera', 'Apple iPhone 11 Pro', 'Apple iPhone 11 Pro');
  });

  it('says that there is nothing, and shows what it does not know as it is', () => {
    check('date', null, 'unknown');
    check('camera', '', 'unknown');
    check('date', 'last summer', 'last summer');
    expect(shownOf('name', 'no JSON')).toBe('no JSON');
  });

  it('says by how much dates are apart, in both directions', () => {
    const apart = (one: string, other: string) => apartOf('date', JSON.stringify(one), JSON.stringify(other));
    expect(apart('2024-12-22T20:36:00', '2024-12-23T08:36:00')).toBe('12 hours later');
    expect(apart('2024-12-22T20:36:00', '2024-12-22T20:35:59')).toBe('1 second earlier');
    expect(apart('2024-12-22T20:36:00', '2024-12-22T20:36:00')).toBeNull();
    expect(apart('2024-12-22T20:36:00+01:00', '2024-12-22T19:36:00Z')).toBeNull();
    expect(apartOf('bytes', '1', '2')).toBeNull();
  });

  it('comes in one order, each once, and strangers last', () => {
    expect(inOrder(['zebra', 'date', 'bytes', 'date', 'pixels'])).toEqual(['pixels', 'bytes', 'date', 'zebra']);
  });
});
