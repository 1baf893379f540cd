import { useTranslation } from 'react-i18next';
import type { TenantSettings, TenantSettingsChange } from '../../shared/contract/settingsRest.ts';
import { percentOf, ratioOf } from './percent.ts';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';

interface TargetsProps {
  settings: TenantSettings;
  /** Rejects where it could not be saved. */
  change(fields: TenantSettingsChange): Promise<void>;
}

const RATIOS = [
  'serviceLevelTarget',
  'serviceLevelCritical',
  'abandonmentLimit',
  'abandonmentCritical',
  'completionTarget',
  'occupancyLimit',
] as const;
const SECONDS = ['asaTargetSeconds', 'ahtTargetSeconds'] as const;

/** What the centre wants of its figures, by which a wall is calm or not. */
export function Targets({ settings, change }: TargetsProps) {
  const { t } = useTranslation();
  const words = (field: string) => ({
    label: t(`settings.centre.${field}`),
    hint: t(`settings.hint.${field}`),
  });
  return (
    <section className={styles.group}>
      <h2>{t('settings.targets.title')}</h2>
      {RATIOS.map((field) => (
        <SavedField
          key={field}
          {...words(field)}
          kind="number"
          unit={t('settings.unit.percent')}
          value={percentOf(settings[field])}
          save={(text) => change({ [field]: ratioOf(text) })}
        />
      ))}
      {SECONDS.map((field) => (
        <SavedField
          key={field}
          {...words(field)}
          kind="number"
          unit={t('settings.unit.seconds')}
          value={settings[field] === null ? '' : String(settings[field])}
          save={(text) => change({ [field]: text === '' ? null : Number(text) })}
        />
      ))}
    </section>
  );
}
