// How the dates of a chat were read. The program's report says the same (`report/dates.rs` of the core); `sentences/dates.txt`
// beside that holds both to it.

import type { DateChoice, DateEvidence, DateOrder } from '../../engine/protocol';

const orders: Record<DateOrder, string> = {
  auto: 'any order', // nothing is read so
  dmy: 'day-month-year',
  mdy: 'month-day-year',
  ymd: 'year-month-day',
};

/** "8 April 2022", as the program writes it. */
const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** Why dates were read in an order: a part of a sentence. */
export function evidenceOf(why: DateEvidence): string {
  switch (why.kind) {
    case 'asked':
      return 'you asked for this order';
    case 'each':
      return 'every date tells its order by itself';
    case 'mediaNames':
      return `the dates in ${amount(why.media, 'media name')} agree`;
    case 'noSuchDays':
      return `as ${orders[why.order]}, ${amount(why.dates, 'date')} would not exist`;
    case 'forward':
      return 'the dates run forward';
    case 'onlyForward':
      return 'only so do the dates run forward';
    case 'onlyAfter':
      return 'only so do the dates follow those before';
    case 'changes':
      return `the last changes of ${amount(why.files, 'file')} agree`;
    case 'nothing':
      return 'nothing tells day and month apart';
  }
}

/** How dates in doubt were read, and how they could be: what one of them is in each order, the one used first. */
export function doubtOf(order: DateOrder, [used, ...others]: DateChoice[]): string {
  if (used === undefined) return orders[order];
  const readings = others.map((other) => `${dayOf(other)} as ${orders[other.order]}`);
  return `${orders[order]}: ${used.written} is ${dayOf(used)}, or ${readings.join(', ')}`;
}

function dayOf({ dayS }: DateChoice): string {
  return day.format(dayS * 1_000);
}

/** As the program counts: without a mark between thousands. */
function amount(howMany: number, noun: string): string {
  return howMany === 1 ? `1 ${noun}` : `${howMany} ${noun}s`;
}
