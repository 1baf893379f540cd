import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PauseLimit } from '../../shared/contract/settingsRest.ts';
import { Add } from './Add.tsx';
import rows from './PauseLimits.module.css';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useInTurn } from './useInTurn.ts';

interface PauseLimitsProps {
  limits: readonly PauseLimit[];
  /** Rejects where they could not be saved. */
  save(limits: PauseLimit[]): Promise<void>;
}

const NEW_MINUTES = 15;

/** How long a pause may last, by its reason; a wall marks whoever is over it. */
export function PauseLimits({ limits, save }: PauseLimitsProps) {
  const { t } = useTranslation();
  const other = limits.find(({ reason }) => reason === null);
  const named = limits.filter((limit) => limit.reason !== null);
  const { change: send } = useInTurn(limits, (next) => save([...next]));
  const setOther = (text: string) =>
    send((now) => [
      ...now.filter(({ reason }) => reason !== null),
      ...(text === '' ? [] : [{ reason: null, minutes: Number(text) }]),
    ]);
  const setMinutes = (of: PauseLimit, text: string) =>
    send((now) =>
      now.map((limit) => (limit.reason === of.reason ? { ...limit, minutes: Number(text) } : limit)),
    );
  // A failure to remove leaves the line where it is; whoever presses again is told by the fields.
  const remove = (of: PauseLimit) =>
    send((now) => now.filter(({ reason }) => reason !== of.reason)).catch(() => {});
  return (
    <section className={styles.group}>
      <h2>{t('settings.pauses.title')}</h2>
      <p className={styles.lead}>{t('settings.pauses.lead')}</p>
      {named.map((limit) => (
        <div key={limit.reason} className={rows.limit}>
          <SavedField
            label={limit.reason ?? ''}
            kind="number"
            unit={t('settings.unit.minutes')}
            value={String(limit.minutes)}
            save={(text) => setMinutes(limit, text)}
          />
          <button
            type="button"
            className={styles.remove}
            title={t('settings.removeNamed', { name: limit.reason })}
            onClick={() => void remove(limit)}
          >
            <X aria-hidden="true" />
            <span className="visually-hidden">{t('settings.removeNamed', { name: limit.reason })}</span>
          </button>
        </div>
      ))}
      <SavedField
        label={t('settings.pauses.other')}
        hint={t('settings.pauses.otherHint')}
        kind="number"
        unit={t('settings.unit.minutes')}
        value={other ? String(other.minutes) : ''}
        save={setOther}
      />
      <Add
        label={t('settings.pauses.new')}
        add={(reason) => send((now) => [...now, { reason, minutes: NEW_MINUTES }])}
      />
    </section>
  );
}
