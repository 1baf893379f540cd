import { useTranslation } from 'react-i18next';
import type { TenantSettings, TenantSettingsChange } from '../../shared/contract/settingsRest.ts';
import { NumberField } from './NumberField.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';

interface KeepingProps {
  settings: TenantSettings;
  /** Rejects where it could not be saved. */
  change(fields: TenantSettingsChange): Promise<void>;
}

const SWITCHES = ['enableCsat', 'enableQuality', 'enableCost'] as const;
const TERMS = ['eventRetentionMonths', 'factRetentionMonths', 'rollupRetentionMonths'] as const;

/** What is taken in besides calls, and how long what was is kept. */
export function Keeping({ settings, change }: KeepingProps) {
  const { t } = useTranslation();
  const words = (field: string) => ({
    label: t(`settings.centre.${field}`),
    hint: t(`settings.hint.${field}`),
  });
  return (
    <section className={styles.group}>
      <h2>{t('settings.keeping.title')}</h2>
      <p className={styles.lead}>{t('settings.keeping.lead')}</p>
      {SWITCHES.map((field) => (
        <SavedField
          key={field}
          {...words(field)}
          value={String(settings[field])}
          options={['true', 'false'].map((value) => ({ value, name: t(`settings.switch.${value}`) }))}
          save={(text) => change({ [field]: text === 'true' })}
        />
      ))}
      <NumberField
        {...words('reviewsPerAgentPerMonth')}
        unit="reviews"
        value={settings.reviewsPerAgentPerMonth}
        // Emptied: none.
        save={(reviews) => change({ reviewsPerAgentPerMonth: reviews ?? 0 })}
      />
      {TERMS.map((field) => (
        <NumberField
          key={field}
          {...words(field)}
          unit="months"
          value={settings[field]}
          save={(months) => change({ [field]: months })}
        />
      ))}
    </section>
  );
}
