import { X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ThresholdsUsed } from '../../shared/contract/analytics.ts';
import type { CallsBehind, Explanation } from '../../shared/contract/explain.ts';
import { filledAddress } from '../../shared/explain/address.ts';
import { addressNow } from '../app/address.ts';
import { formatCount, formatDateTime, formatDecimal, formatPercent, NONE } from '../ui/format.ts';
import { behindAddress, isOfReviews } from './behind.ts';
import desk from './Desk.module.css';
import { useAnswer, useDesk } from './desk.ts';
import styles from './Explain.module.css';
import { Pending } from './Message.tsx';
import { written } from './measures.ts';
import type { View } from './view.ts';
import { useAddressOf } from './where.ts';

interface ExplainProps {
  metric: string;
  /** What an answer says explains it, its blanks filled. */
  address: string;
  /** The row it is of, by name; left out: the whole range. */
  of?: string;
  close: string;
  isMoving: boolean;
}

/** How a figure came about: its formula, in words and with its numbers, what was left out, and the calls behind it. */
export function Explain({ metric, address, of, close, isMoving }: ExplainProps) {
  const { t } = useTranslation();
  const { calendar } = useDesk();
  const heading = useRef<HTMLHeadingElement>(null);
  const section = useRef<HTMLElement>(null);
  const asked = new URLSearchParams(address.slice(address.indexOf('?')));
  const path = isOfReviews(address) ? 'analytics/quality/explain' : 'analytics/performance/explain';
  const { data, error, refetch } = useAnswer(path, asked, { isMoving });
  const isHere = data?.data.metric === metric;
  // Whoever asked for it by keyboard reads on here.
  useEffect(() => {
    if (isHere) heading.current?.focus();
  }, [isHere]);
  // Whoever closes it by keyboard stands again where he opened it: focus goes there before what has it is gone, unless the page is.
  useLayoutEffect(() => {
    const page = pageNow();
    return () => {
      if (pageNow() !== page || !section.current?.contains(document.activeElement)) return;
      document.querySelector<HTMLElement>('a[data-figure][aria-current="true"]')?.focus();
    };
  }, []);
  if (!data || !isHere) return <Pending error={error} again={() => void refetch()} />;
  const told = data.data;
  const timeZone = asked.get('timeZone');
  const { sample } = told;
  const { freshness, warnings } = data.meta;
  const touching = warnings.filter(({ affects }) => affects.length === 0 || affects.includes(metric));
  return (
    <section
      ref={section}
      className={styles.explain}
      aria-label={t('desk.explain.name', { title: told.title })}
      onKeyDown={({ key }) => {
        if (key === 'Escape') location.hash = close;
      }}
    >
      <div className={desk.panelHead}>
        <h2 ref={heading} tabIndex={-1}>
          {of !== undefined && <span className={styles.of}>{of}</span>}
          {t('desk.explain.title', { title: told.title, figure: figureOf(told.value, told.unit) })}
        </h2>
        <p className={desk.readout} data-idle="true">
          {t('desk.explain.rule', { ruleId: told.ruleId })}
          {told.thresholds !== null && ` · ${secondsOf(told.thresholds, t('desk.explain.theirs'))}`}
        </p>
        <a className={desk.button} href={close}>
          <X aria-hidden="true" /> {t('desk.explain.close')}
        </a>
      </div>
      <p className={styles.words}>{told.words}</p>
      <p className={styles.filled}>
        <bdi dir="ltr">{withFigure(told.filled, told.value, told.unit)}</bdi>
      </p>
      <div className={styles.columns}>
        <Parts title={t('desk.explain.parts')} parts={told.parts} timeZone={timeZone} />
        {told.excluded.length > 0 && (
          <Parts
            title={t('desk.explain.excluded')}
            timeZone={timeZone}
            parts={told.excluded.map((part) => ({ ...part, label: part.words, words: '' }))}
          />
        )}
      </div>
      {told.variants.length > 1 && <Variants told={told} />}
      <p className={desk.quiet}>
        {sample !== null &&
          t(sample.isLow ? 'desk.explain.sampleLow' : 'desk.explain.sample', {
            count: sample.size,
            size: formatCount(sample.size),
            minimum: sample.minimum,
          })}{' '}
        {freshness.at !== null &&
          t('desk.explain.fresh', { time: formatDateTime(Date.parse(freshness.at), calendar.timeZone) })}
      </p>
      {touching.length > 0 && (
        <ul className={desk.quiet} aria-label={t('desk.explain.warnings')}>
          {touching.map(({ code, source, count }) => (
            <li key={`${code} ${source}`}>
              {t('desk.explain.warning', {
                source,
                count,
                code: t(`desk.health.${code}`, { defaultValue: code }),
              })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The part of the address that says which page it is. */
function pageNow(): string | undefined {
  return addressNow().split('?')[0];
}

interface ExplainRowProps<Row extends object> {
  view: View;
  /** `meta.explain` of the answer that has the rows. */
  template: string;
  rows: readonly Row[];
  idOf(row: Row): string;
  nameOf(row: Row): string;
  isMoving: boolean;
}

/** How a figure of one of some rows came about, where one of theirs is asked for. */
export function ExplainRow<Row extends object>(props: ExplainRowProps<Row>) {
  const { view, template, rows, idOf, nameOf, isMoving } = props;
  const addressOf = useAddressOf();
  const { explain } = view;
  const row = explain?.row == null ? undefined : rows.find((one) => idOf(one) === explain.row);
  if (explain === null || row === undefined) return null;
  return (
    <Explain
      key={`${explain.metric} ${explain.row}`}
      metric={explain.metric}
      address={filledAddress(template, explain.metric, row)}
      of={nameOf(row)}
      close={addressOf({ ...view, explain: null })}
      isMoving={isMoving}
    />
  );
}

interface Part {
  name: string;
  label: string;
  words: string;
  value: number | null;
  unit: Explanation['unit'];
  calls: CallsBehind | null;
}

interface PartsProps {
  title: string;
  parts: readonly Part[];
  /** What the figure's days are of, where that is another zone. */
  timeZone: string | null;
}

function Parts({ title, parts, timeZone }: PartsProps) {
  return (
    <div>
      <h3>{title}</h3>
      <dl className={styles.parts}>
        {parts.map((part) => (
          <div key={part.name}>
            <dt>
              {part.label}
              {part.words !== '' && part.words !== part.label && <span>{part.words}</span>}
            </dt>
            <dd>
              {part.calls !== null && part.calls.count > 0 ? (
                <a href={behindAddress(part.calls, timeZone)}>{figureOf(part.value, part.unit)}</a>
              ) : (
                figureOf(part.value, part.unit)
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The same visits read in every way there is, side by side. */
function Variants({ told }: { told: Explanation }) {
  const { t } = useTranslation();
  return (
    <div>
      <h3>{t('desk.explain.variants')}</h3>
      <ul className={styles.variants}>
        {told.variants.map(({ name, isShown, value, words, filled }) => (
          <li key={name} aria-current={isShown ? 'true' : undefined} title={words}>
            <span>{t(`desk.definition.${name}`, { defaultValue: name })}</span>
            <strong>{told.unit === 'ratio' ? formatPercent(value, 1) : figureOf(value, told.unit)}</strong>
            <span>
              <bdi dir="ltr">{withFigure(filled, value, told.unit)}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What T and S stand for in a formula. */
function secondsOf({ thresholdSeconds, shortAbandonSeconds }: ThresholdsUsed, theirs: string): string {
  const said = (seconds: number | null): string => (seconds === null ? theirs : `${seconds} s`);
  return `T = ${said(thresholdSeconds)}, S = ${said(shortAbandonSeconds)}`;
}

const KINDS = { ratio: 'percent', ms: 'duration', points: 'decimal', count: 'count' } as const;

function figureOf(value: number | null, unit: Explanation['unit']): string {
  if (value === null) return NONE;
  return written(value, KINDS[unit]);
}

/** A formula with its numbers, all of them written as everywhere on the page. */
function withFigure(filled: string, value: number | null, unit: Explanation['unit']): string {
  const grouped = (text: string): string =>
    text.replace(/(?<![\d.])\d{4,}(\.\d)?(?![\d.])/g, (digits, tenth) =>
      (tenth ? formatDecimal : formatCount)(Number(digits)),
    );
  const at = filled.lastIndexOf('= ');
  return value === null || at < 0
    ? grouped(filled)
    : `${grouped(filled.slice(0, at))}= ${figureOf(value, unit)}`;
}
