import type { TFunction } from 'i18next';
import type { AuditRecord } from '../../shared/contract/auditRest.ts';
import type { OpeningHours, PauseLimit } from '../../shared/contract/settingsRest.ts';
import { formatCount, formatDateTime, formatDecimal, formatPercent, NONE } from '../ui/format.ts';
import { openingTexts } from './openingText.ts';
import { RATIO_FIELDS } from './percent.ts';

/** One field of a change, in words. */
export interface AuditChange {
  field: string;
  name: string;
  before: string;
  after: string;
}

/** Fields whose values are one of a few, and where the words for them are. */
const WORDS_OF: Readonly<Record<string, string>> = {
  audience: 'settings.screens.audiences',
  board: 'settings.screens.boards',
  command: 'settings.screens',
  definition: 'settings.definition',
  role: 'settings.people.role',
  scopes: 'settings.keys.scope',
};

/** Moments, as the server wrote them. */
const MOMENTS = new Set(['expiresAt', 'lastSeenAt', 'lostAt']);

/** Said in percent. */
const RATIOS: ReadonlySet<string> = new Set(RATIO_FIELDS);

/** Said in the line itself; the details have the rest. */
const CHANGES_SAID = 2;

/** `ada@example.com changed the queue Sales`; what a page that knows no better can say of an action it does not know. */
export function sentenceOf(record: AuditRecord, t: TFunction): string {
  const { action, actor, subject, after } = record;
  const words = `settings.audit.did.${action.replace('.', '_')}`;
  const kind = after?.how ?? after?.reason;
  return t([...(typeof kind === 'string' ? [`${words}_${kind}`] : []), words, 'settings.audit.did.other'], {
    ...after,
    who: actor.name === '' ? t('settings.audit.somebody') : actor.name,
    what: subject?.name ?? '',
    action,
  });
}

/** `Answered within 20 s → 30 s`, and how many more fields or times it was; '' where there is nothing to add. */
export function summaryOf(record: AuditRecord, t: TFunction, timeZone: string): string {
  const said = record.before === null ? [] : changesIn(record, t, timeZone);
  const parts = said
    .slice(0, CHANGES_SAID)
    .map((change) => t('settings.audit.change', { ...change, interpolation: { escapeValue: false } }));
  const more = said.length - parts.length;
  if (more > 0) parts.push(t('settings.audit.moreChanges', { count: more }));
  if (typeof record.after?.more === 'number')
    parts.push(t('settings.audit.moreTimes', { count: record.after.more }));
  return parts.join(', ');
}

/** Everything it says of before and after, field by field; moments where the centre is. */
export function changesIn({ before, after }: AuditRecord, t: TFunction, timeZone: string): AuditChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  // The sector's name of then says more than its id.
  const shown = fields.includes('sector') ? fields.filter((field) => field !== 'sectorId') : fields;
  return shown.map((field) => ({
    field,
    name: t([`settings.audit.field.${field}`, `settings.centre.${field}`], { defaultValue: field }),
    before: valueText(field, before?.[field], t, timeZone),
    after: valueText(field, after?.[field], t, timeZone),
  }));
}

function valueText(field: string, value: unknown, t: TFunction, timeZone: string): string {
  if (value === undefined) return NONE;
  if (value === null) return t('settings.audit.none');
  if (typeof value === 'boolean') return t(`settings.switch.${value}`);
  if (typeof value === 'number') {
    if (RATIOS.has(field)) return formatPercent(value, 1);
    if (field === 'score') return formatDecimal(value);
    const unit = /(Seconds|Hours|Minutes|Days|Months)$/.exec(field)?.[1];
    return unit === undefined ? String(value) : t(`settings.audit.unit.${unit}`, { value });
  }
  if (typeof value === 'string') {
    return MOMENTS.has(field) ? formatDateTime(Date.parse(value), timeZone) : wordFor(field, value, t);
  }
  if (field === 'openingHours' && isList<OpeningHours[number]>(value)) {
    return openingTexts(value).join(', ') || t('settings.opening.never');
  }
  if (field === 'pauseLimits' && isList<PauseLimit>(value)) {
    const texts = value.map(({ reason, minutes }) => {
      const named = reason ?? t('settings.pauses.other');
      return `${named} ${t('settings.audit.unit.Minutes', { value: minutes })}`;
    });
    return texts.join(', ') || NONE;
  }
  // Held to no sector is held to none: he sees them all.
  if (field === 'sectors' && isList<unknown>(value) && value.length === 0) return t('settings.held.all');
  // Criteria by their ids, which say nothing to a person: how many they are does.
  if (field === 'failedCritical' && isList<unknown>(value)) return formatCount(value.length);
  if (isList<unknown>(value)) return value.map((one) => wordFor(field, String(one), t)).join(', ') || NONE;
  return JSON.stringify(value);
}

/** What this page knows no word for stays as it is. */
function wordFor(field: string, value: string, t: TFunction): string {
  const words = WORDS_OF[field];
  return words === undefined ? value : t(`${words}.${value.replace(':', '_')}`, { defaultValue: value });
}

/** What the server wrote under the field's name has the field's shape. */
function isList<T>(value: unknown): value is T[] {
  return Array.isArray(value);
}
