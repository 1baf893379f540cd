import { useTranslation } from 'react-i18next';
import type { QueueSetting, QueueSettingChange, TenantSettings } from '../../shared/contract/settingsRest.ts';
import { percentOf, ratioOf } from './percent.ts';
import { SavedField } from './SavedField.tsx';
import settings from './Settings.module.css';

interface QueueTargetsProps {
  queue: QueueSetting;
  /** Whose targets hold where the queue has none of its own; null until they are read. */
  centre: TenantSettings | null;
  /** Rejects where it could not be saved. */
  change(fields: QueueSettingChange): Promise<void>;
}

const RATIOS = ['serviceLevelTarget', 'abandonmentLimit'] as const;
const SECONDS = ['asaTargetSeconds', 'ahtTargetSeconds'] as const;

/** Whether the queue has any target of its own. */
export function hasOwnTargets(queue: QueueSetting): boolean {
  return [...RATIOS, ...SECONDS].some((field) => queue[field] !== null);
}

/** The targets of one queue where they differ from the centre's. */
export function QueueTargets({ queue, centre, change }: QueueTargetsProps) {
  const { t } = useTranslation();
  return (
    <div className={settings.group}>
      <p className={settings.lead}>{t('settings.queues.targetsLead')}</p>
      {RATIOS.map((field) => (
        <SavedField
          key={field}
          label={t(`settings.centre.${field}`)}
          kind="number"
          unit={t('settings.unit.percent')}
          placeholder={centre ? percentOf(centre[field]) : ''}
          value={percentOf(queue[field])}
          save={(text) => change({ [field]: ratioOf(text) })}
        />
      ))}
      {SECONDS.map((field) => (
        <SavedField
          key={field}
          label={t(`settings.centre.${field}`)}
          kind="number"
          unit={t('settings.unit.seconds')}
          placeholder={String(centre?.[field] ?? '')}
          value={queue[field] === null ? '' : String(queue[field])}
          save={(text) => change({ [field]: text === '' ? null : Number(text) })}
        />
      ))}
    </div>
  );
}
