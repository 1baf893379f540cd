import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Definition } from '../../shared/contract/metrics.ts';
import type { TenantSettings, TenantSettingsChange } from '../../shared/contract/settingsRest.ts';
import { formatWeekdayName } from '../ui/format.ts';
import type { RestApi } from './api.ts';
import { Keeping } from './Keeping.tsx';
import { fromMinutes, toMinutes } from './minutes.ts';
import { Notice } from './Notice.tsx';
import { PauseLimits } from './PauseLimits.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { Targets } from './Targets.tsx';

/** Every definition there is: one left out is a type error. */
const DEFINITIONS: Record<Definition, true> = {
  standard: true,
  strict: true,
  genesys: true,
  connect: true,
  talkdesk: true,
  cisco_ignored: true,
  cisco_negative: true,
  cisco_positive: true,
  asterisk: true,
};
const SWITCHES = ['genesysAbandonsOut', 'genesysShortAbandonsIn', 'genesysFlowOutsIn'] as const;
const CALL_FIELDS = ['thresholdSeconds', 'shortAbandonSeconds', 'wrapUpSeconds', 'maxWaitSeconds'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** What holds for the whole call centre: its name and day, its service level, what counts as what. */
export function Centre({ api, onRenamed }: { api: RestApi; onRenamed(): void }) {
  const { t } = useTranslation();
  const [settings, setSettings] = useState<TenantSettings | null>(null);
  const [tries, setTries] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads again.
  useEffect(() => {
    setFailed(false);
    api.read<TenantSettings>('').then(
      ({ data }) => setSettings(data),
      () => setFailed(true),
    );
  }, [api, tries]);

  if (settings === null) return <Notice hasFailed={hasFailed} again={() => setTries(tries + 1)} />;

  const change = async (fields: TenantSettingsChange): Promise<void> => {
    setSettings(await api.change<TenantSettings>('', fields));
    if ('name' in fields || 'timeZone' in fields) onRenamed();
  };
  const words = (field: string) => ({
    label: t(`settings.centre.${field}`),
    hint: t(`settings.hint.${field}`),
  });
  const number = (
    field:
      | 'minimumSample'
      | 'firstContactDays'
      | 'agentUnheardHours'
      | 'sourceSilentSeconds'
      | (typeof CALL_FIELDS)[number],
    unit: string,
  ) => (
    <SavedField
      key={field}
      {...words(field)}
      kind="number"
      unit={t(`settings.unit.${unit}`)}
      value={String(settings[field])}
      save={(text) => change({ [field]: text === '' ? null : Number(text) })}
    />
  );

  return (
    <div className={styles.groups}>
      <section className={styles.group}>
        <h2>{t('settings.centre.title')}</h2>
        <SavedField {...words('name')} value={settings.name} save={(name) => change({ name: name.trim() })} />
        <SavedField
          {...words('timeZone')}
          value={settings.timeZone}
          suggestions={Intl.supportedValuesOf('timeZone')}
          save={(timeZone) => change({ timeZone: timeZone.trim() })}
        />
        <SavedField
          {...words('dayStartMinutes')}
          kind="time"
          value={fromMinutes(settings.dayStartMinutes)}
          save={(time) => change({ dayStartMinutes: toMinutes(time) })}
        />
        <SavedField
          {...words('weekStart')}
          value={String(settings.weekStart)}
          options={WEEKDAYS.map((day) => ({ value: String(day), name: formatWeekdayName(day) }))}
          save={(day) => change({ weekStart: Number(day) })}
        />
      </section>
      <section className={styles.group}>
        <h2>{t('settings.centre.trust')}</h2>
        {number('minimumSample', 'calls')}
        {number('agentUnheardHours', 'hours')}
        {number('sourceSilentSeconds', 'seconds')}
      </section>
      <section className={styles.group}>
        <h2>{t('settings.centre.serviceLevel')}</h2>
        <SavedField
          {...words('definition')}
          value={settings.definition}
          options={Object.keys(DEFINITIONS).map((value) => ({
            value,
            name: t(`settings.definition.${value}`),
          }))}
          save={(text) => change({ definition: text as Definition })}
        />
        {settings.definition === 'genesys' &&
          SWITCHES.map((field) => (
            <SavedField
              key={field}
              {...words(field)}
              value={String(settings[field])}
              options={['true', 'false'].map((value) => ({ value, name: t(`settings.switch.${value}`) }))}
              save={(text) => change({ [field]: text === 'true' })}
            />
          ))}
        {CALL_FIELDS.map((field) => number(field, 'seconds'))}
        {number('firstContactDays', 'days')}
        <p className={styles.lead}>
          <a href="#/rules">{t('settings.centre.preview')}</a>
        </p>
      </section>
      <Targets settings={settings} change={change} />
      <PauseLimits limits={settings.pauseLimits} save={(pauseLimits) => change({ pauseLimits })} />
      <Keeping settings={settings} change={change} />
    </div>
  );
}
