import { useTranslation } from 'react-i18next';
import type { QueueSetting, QueueSettingChange, TenantSettings } from '../../shared/contract/settingsRest.ts';
import { NumberField } from './NumberField.tsx';
import settings from './Settings.module.css';

interface QueueTargetsProps {
  queue: QueueSetting;
  /** Whose targets hold where the queue has none of its own; null until they are read. */
  centre: TenantSettings | null;
  /** Rejects where it could not be saved. */
  change(fields: QueueSettingChange): Promise<void>;
}

const FIELDS = [
  ['serviceLevelTarget', 'percent'],
  ['abandonmentLimit', 'percent'],
  ['asaTargetSeconds', 'seconds'],
  ['ahtTargetSeconds', 'seconds'],
] as const;

/** Whether the queue has any target of its own. */
export function hasOwnTargets(queue: QueueSetting): boolean {
  return FIELDS.some(([field]) => queue[field] !== null);
}

/** The targets of one queue where they differ from the centre's. */
export function QueueTargets({ queue, centre, change }: QueueTargetsProps) {
  const { t } = useTranslation();
  return (
    <div className={settings.group}>
      <p className={settings.lead}>{t('settings.queues.targetsLead')}</p>
      {FIELDS.map(([field, unit]) => (
        <NumberField
          key={field}
          label={t(`settings.centre.${field}`)}
          unit={unit}
          value={queue[field]}
          otherwise={centre?.[field]}
          save={(value) => change({ [field]: value })}
        />
      ))}
    </div>
  );
}
