import { useTranslation } from 'react-i18next';
import type { TenantSettings, TenantSettingsChange } from '../../shared/contract/settingsRest.ts';
import { NumberField } from './NumberField.tsx';
import { RATIO_FIELDS } from './percent.ts';
import styles from './Settings.module.css';

interface TargetsProps {
  settings: TenantSettings;
  /** Rejects where it could not be saved. */
  change(fields: TenantSettingsChange): Promise<void>;
}

const SECONDS = ['asaTargetSeconds', 'ahtTargetSeconds'] as const;

/** What the centre wants of its figures, by which a wall is calm or not. */
export function Targets({ settings, change }: TargetsProps) {
  const { t } = useTranslation();
  const field = (name: (typeof RATIO_FIELDS | typeof SECONDS)[number], unit: 'percent' | 'seconds') => (
    <NumberField
      key={name}
      label={t(`settings.centre.${name}`)}
      hint={t(`settings.hint.${name}`)}
      unit={unit}
      value={settings[name]}
      save={(value) => change({ [name]: value })}
    />
  );
  return (
    <section className={styles.group}>
      <h2>{t('settings.targets.title')}</h2>
      {RATIO_FIELDS.map((name) => field(name, 'percent'))}
      {SECONDS.map((name) => field(name, 'seconds'))}
    </section>
  );
}
