import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { BusinessRules } from '../../../shared/contract/businessRules.ts';
import { Refused } from '../../app/ask.ts';
import { Mark } from '../../ui/Mark.tsx';
import desk from '../Desk.module.css';
import { useDesk } from '../desk.ts';
import { DEFINITION_NAMES } from '../view.ts';
import {
  addressOfRules,
  changeOf,
  isAny,
  type Proposal,
  RATIOS,
  SECONDS,
  SECONDS_LIMIT,
} from './proposal.ts';
import styles from './Rules.module.css';

interface RulesFormProps {
  rules: BusinessRules;
  proposal: Proposal;
}

/** The rules that decide what last week was; what is written here is thought of, until it is saved. */
export function RulesForm({ rules, proposal }: RulesFormProps) {
  const { t } = useTranslation();
  const { write } = useDesk();
  const client = useQueryClient();
  const id = useId();
  const save = useMutation({
    mutationFn: () => write('PATCH', 'settings/business-rules', changeOf(proposal)),
    async onSuccess() {
      await client.invalidateQueries();
      location.hash = addressOfRules(NOTHING);
    },
  });
  const go = (change: Partial<Proposal>): void => {
    save.reset();
    location.hash = addressOfRules({ ...proposal, ...change });
  };
  const present = {
    threshold: rules.thresholds.thresholdSeconds,
    shortAbandon: rules.thresholds.shortAbandonSeconds,
    target: percentOf(rules.targets.serviceLevel),
    limit: percentOf(rules.targets.abandonmentRate),
  };
  const number = (name: (typeof SECONDS)[number] | (typeof RATIOS)[number]) => {
    const isRatio = name === 'target' || name === 'limit';
    const shown =
      proposal[name] === null ? present[name] : isRatio ? percentOf(proposal[name]) : proposal[name];
    return (
      <div className={styles.field} key={name} data-changed={proposal[name] !== null}>
        <label htmlFor={`${id}${name}`}>{t(`desk.preview.${name}`)}</label>
        <div className={styles.input}>
          <input
            // What the address says replaces what was typed.
            key={shown}
            id={`${id}${name}`}
            type="number"
            min={0}
            max={isRatio ? 100 : SECONDS_LIMIT}
            step={isRatio ? 'any' : 1}
            defaultValue={shown}
            aria-describedby={`${id}${name}now`}
            onBlur={({ target: input }) => {
              if (!input.validity.valid) return;
              const value = input.value === '' ? null : Number(input.value);
              go({ [name]: value === null || !isRatio ? value : Math.round(value * 1_000) / 100_000 });
            }}
            onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          />
          <span>{t(isRatio ? 'desk.preview.percent' : 'desk.preview.seconds')}</span>
        </div>
        <p id={`${id}${name}now`}>
          {proposal[name] === null
            ? t(`desk.preview.about.${name}`)
            : t('desk.preview.now', { value: present[name] })}
        </p>
      </div>
    );
  };
  return (
    <section className={desk.panel} aria-label={t('desk.preview.form')}>
      <div className={styles.form}>
        <div className={styles.field} data-changed={proposal.definition !== null}>
          <label htmlFor={`${id}definition`}>{t('desk.preview.definition')}</label>
          <select
            id={`${id}definition`}
            value={proposal.definition ?? rules.definition}
            aria-describedby={`${id}definitionnow`}
            onChange={({ target: { value } }) =>
              go({ definition: DEFINITION_NAMES.find((name) => name === value) ?? null })
            }
          >
            {DEFINITION_NAMES.map((name) => (
              <option key={name} value={name}>
                {t(`desk.definition.${name}`)}
              </option>
            ))}
          </select>
          <p id={`${id}definitionnow`}>
            {proposal.definition === null
              ? t('desk.preview.about.definition')
              : t('desk.preview.now', { value: t(`desk.definition.${rules.definition}`) })}
          </p>
        </div>
        {[...SECONDS, ...RATIOS].map(number)}
        <div className={styles.actions}>
          <button
            type="button"
            className={desk.button}
            data-kind="main"
            disabled={!isAny(proposal) || save.isPending}
            onClick={() => save.mutate()}
          >
            {t('desk.preview.save')}
          </button>
          {isAny(proposal) && (
            <a className={desk.button} href={addressOfRules(NOTHING)}>
              {t('desk.preview.reset')}
            </a>
          )}
        </div>
        <p role="status" className={styles.said}>
          {save.isSuccess && !isAny(proposal) && (
            <>
              <Mark shape="check" /> {t('desk.preview.saved')}
            </>
          )}
        </p>
        {save.error !== null && (
          <p role="alert" className={styles.problem}>
            {reasonOf(save.error) ?? t('desk.error.away')}
          </p>
        )}
        <p className={desk.quiet}>
          {t('desk.preview.hint')}{' '}
          <a className={styles.others} href="#/settings/">
            {t('desk.preview.others')}
          </a>
        </p>
      </div>
    </section>
  );
}

const NOTHING: Proposal = {
  definition: null,
  threshold: null,
  shortAbandon: null,
  target: null,
  limit: null,
};

function percentOf(ratio: number): number {
  return Math.round(ratio * 100_000) / 1_000;
}

function reasonOf(error: Error): string | null {
  if (!(error instanceof Refused)) return null;
  const [issue] = error.issues;
  return issue ? `${issue.path}: ${issue.message}` : error.message || null;
}
