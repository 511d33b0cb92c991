// Numbers, sizes and times as people write them. A chat's times are wall clocks, so they are shown without any zone.

const locale = 'en';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export function count(value: number): string {
  return whole.format(value);
}

/** A count with its noun: "1 file", "2,000 files". */
export function amount(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Bytes in the decimal units that file managers show. */
export function bytes(value: number): string {
  if (value < 1_000) return amount(value, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = value / 1_000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${(size < 9.95 ? tenths : whole).format(size)} ${units[unit]}`;
}

export function ratio(value: number): string {
  return (value < 9.95 ? tenths : whole).format(value);
}

/** With so many decimals. A tie goes to the even digit, as in the core's sentences; `toFixed` would round it up. */
export function fixed(value: number, decimals: number): string {
  const tie = Math.abs(value * 2 ** (decimals + 1)) % 2 === 1; // only then is half a step a binary fraction
  if (!tie) return value.toFixed(decimals);
  const below = Math.floor(value * 10 ** decimals);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** decimals).toFixed(decimals);
}

/** The date of wall-clock seconds since 1970: "3 April 2024" in the words of the language. */
export function dateOf(seconds: number): string {
  return day.format(seconds * 1000);
}

export function shortDateOf(seconds: number): string {
  return shortDay.format(seconds * 1000);
}

/** Date and time of wall-clock seconds since 1970. */
export function momentOf(seconds: number): string {
  return moment.format(seconds * 1000);
}

/** A length of time in its largest sensible unit: "5 minutes", "3 days". */
export function lengthOfTime(seconds: number): string {
  const steps: [number, string][] = [
    [31_557_600, 'year'],
    [2_629_800, 'month'],
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ];
  for (const [size, unit] of steps) {
    if (seconds < size) continue;
    const value = seconds / size;
    const half = unit === 'hour' && value < 24 && value % 1 !== 0;
    return half ? `${tenths.format(value)} hours` : amount(Math.round(value), unit);
  }
  return amount(Math.round(seconds), 'second');
}
