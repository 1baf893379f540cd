import { i18n } from '../app/i18n.ts';

/** Numbers and times as the viewer's language writes them; `–` where there is no value. */
export const NONE = '–';

const SECOND_MS = 1_000;

let chosen = { asked: [] as readonly string[], language: '', locale: '' };

/** The viewer's own region, as long as it speaks the page's language. Asked for every figure: browsers keep one list. */
function locale(): string {
  const { languages: asked } = navigator;
  const { language } = i18n;
  if (chosen.asked !== asked || chosen.language !== language) {
    chosen = { asked, language, locale: ownRegion(asked, language) };
  }
  return chosen.locale;
}

/** Of the languages a browser asks for, the first well-formed one that is `language`, or else that alone. */
export function ownRegion(asked: readonly string[], language: string): string {
  return asked.find((tag) => tag.split('-')[0] === language && isWellFormed(tag)) ?? language;
}

/** A browser without a desktop may ask for `en-US@posix`, which Intl refuses with an exception. */
function isWellFormed(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale()} ${name}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, format);
  return format;
}

/** Beyond this a count is written `12.3M`: a wall has no room for what nobody reads. */
const COMPACT_FROM = 10_000_000;

export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  if (Math.abs(value) < COMPACT_FROM)
    return numberFormat('count', { maximumFractionDigits: 0 }).format(value);
  return numberFormat('compact', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A ratio as percent: whole on a wall, one decimal in tables. */
export function formatPercent(ratio: number | null, decimals = 0): string {
  if (ratio === null || !Number.isFinite(ratio)) return NONE;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(`percent${decimals}`, { style: 'percent', ...digits }).format(ratio);
}

/** A number that need not be whole, to a tenth: agents on average, points of a percentage. */
export function formatDecimal(value: number, signDisplay: 'auto' | 'exceptZero' = 'auto'): string {
  if (!Number.isFinite(value)) return NONE;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return numberFormat(`decimal ${signDisplay}`, { ...digits, signDisplay }).format(value);
}

/** Hours of work, to a tenth: `378.2h`. */
export function formatHours(hours: number): string {
  if (!Number.isFinite(hours)) return NONE;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return numberFormat('hours', { style: 'unit', unit: 'hour', unitDisplay: 'narrow', ...digits }).format(
    hours,
  );
}

/** A change against something, as percent with its sign: `+6 %`, `−12 %`, `±0 %` where it rounds to nothing. */
export function formatChange(ratio: number): string {
  if (!Number.isFinite(ratio)) return NONE;
  const isHuge = Math.abs(ratio) >= 100;
  const format = numberFormat(isHuge ? 'hugeChange' : 'change', {
    style: 'percent',
    signDisplay: 'exceptZero',
    notation: isHuge ? 'compact' : 'standard',
  });
  return Math.abs(ratio) < 0.005 ? `±${format.format(0)}` : format.format(ratio);
}

/** `0:42`, `12:05`, `1:04:30`; from a hundred hours on whole days, from a thousand days on years. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NONE;
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  if (seconds >= 360_000) {
    const days = Math.floor(seconds / 86_400);
    const [unit, value] = days < 1_000 ? ['day', days] : ['year', Math.floor(days / 365.25)];
    return numberFormat(unit, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
  }
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds % 60)}`;
}

const times = new Map<string, Intl.DateTimeFormat>();

/** The time of day where the centre is. */
export function formatTime(epochMs: number, timeZone: string, seconds = false): string {
  const key = `${locale()} ${timeZone} ${seconds}`;
  const second = seconds ? ({ second: '2-digit' } as const) : {};
  const format =
    times.get(key) ??
    new Intl.DateTimeFormat(locale(), {
      hour: '2-digit',
      minute: '2-digit',
      ...second,
      hourCycle: 'h23',
      timeZone,
    });
  times.set(key, format);
  return format.format(epochMs);
}

/** A day and time, where the viewer is or in the zone named. */
export function formatDateTime(epochMs: number, timeZone?: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', ...(timeZone && { timeZone }) } as const;
  return new Intl.DateTimeFormat(locale(), options).format(epochMs);
}

/** From one instant to another, their day written once where they share it: `14 Oct 2026, 10:00 – 10:15`. */
export function formatDateTimes(fromMs: number, toMs: number, timeZone: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(locale(), options).formatRange(fromMs, toMs);
}

export function formatDate(epochMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone }).format(epochMs);
}

/** The day where the centre is, written out: `Wednesday, 25 November 2026`. */
export function formatDay(epochMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeZone }).format(epochMs);
}

/** The day of the week where the centre is. */
export function formatWeekday(epochMs: number, timeZone: string, weekday: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale(), { weekday, timeZone }).format(epochMs);
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** In which detail local days, `YYYY-MM-DD`, are written. */
const DATE_STYLES = {
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  short: { day: 'numeric', month: 'short' },
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
  monthShort: { month: 'short', year: 'numeric' },
  monthOnly: { month: 'short' },
  year: { year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type DateStyle = keyof typeof DATE_STYLES;

function dateFormat(style: DateStyle): Intl.DateTimeFormat {
  const key = `${locale()} ${style}`;
  const format =
    dates.get(key) ?? new Intl.DateTimeFormat(locale(), { ...DATE_STYLES[style], timeZone: 'UTC' });
  dates.set(key, format);
  return format;
}

/** A local day, whatever the zone. */
export function formatLocalDate(date: string, style: DateStyle): string {
  return dateFormat(style).format(Date.parse(date));
}

/** Local days from one to another, what they share written once: `1 – 24 Oct 2026`. */
export function formatLocalDates(startDate: string, endDate: string, style: DateStyle): string {
  return dateFormat(style).formatRange(Date.parse(startDate), Date.parse(endDate));
}

/** `Monday`, or `Mon`, of ISO weekday 1. */
export function formatWeekdayName(isoDay: number, weekday: 'long' | 'short' = 'long'): string {
  // The first of January 2024 was a Monday.
  return formatWeekday(Date.UTC(2024, 0, isoDay), 'UTC', weekday);
}

/** Names in the order a person expects, numbers inside them by value. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}

export function byName(a: { name: string }, b: { name: string }): number {
  return compareNames(a.name, b.name);
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
