import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpeningHours } from '../../shared/contract/settingsRest.ts';
import { formatWeekdayName } from '../ui/format.ts';
import styles from './OpeningHoursEditor.module.css';
import { reasonOf } from './reasonOf.ts';
import { SavedField } from './SavedField.tsx';
import settings from './Settings.module.css';
import { useInTurn } from './useInTurn.ts';

interface OpeningHoursEditorProps {
  /** Whose hours, for those who listen. */
  name: string;
  /** Null: always open. */
  hours: OpeningHours | null;
  /** Rejects where they could not be saved. */
  save(hours: OpeningHours | null): Promise<void>;
}

type Span = OpeningHours[number];

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const OFFICE: Span = { days: [1, 2, 3, 4, 5], opens: '08:00', closes: '18:00' };

/** Which line is meant, whatever has been changed in it, or in those around it. */
const keys = new WeakMap<Span, number>();
let lastKey = 0;

function keyOf(span: Span): number {
  const key = keys.get(span) ?? ++lastKey;
  keys.set(span, key);
  return key;
}

function replaced(now: OpeningHours, key: number, change: (span: Span) => Partial<Span>): OpeningHours {
  return now.map((span) => {
    if (keyOf(span) !== key) return span;
    const next = { ...span, ...change(span) };
    keys.set(next, key);
    return next;
  });
}

/** The hours of one queue, a line for each opening; every change is saved by itself. */
export function OpeningHoursEditor({ name, hours, save }: OpeningHoursEditorProps) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<string | null>(null);
  const { shown, change: send } = useInTurn(hours, save);
  const attempt = async (change: (now: OpeningHours) => OpeningHours | null): Promise<void> => {
    try {
      await send((now) => change(now ?? []));
      setProblem(null);
    } catch (error) {
      setProblem(reasonOf(error) ?? t('settings.unreachable'));
    }
  };
  const spans = (shown ?? []).map((span) => ({ span, key: keyOf(span) }));

  return (
    <div className={styles.editor}>
      <p className={styles.lead}>
        {t(shown === null ? 'settings.opening.alwaysLead' : 'settings.opening.lead')}
      </p>
      {spans.map(({ span, key }, at) => (
        <fieldset key={key} className={styles.span}>
          <legend className="visually-hidden">{t('settings.opening.line', { name, line: at + 1 })}</legend>
          <div className={styles.days}>
            {WEEKDAYS.map((day) => (
              <label key={day} className={styles.day}>
                <input
                  type="checkbox"
                  checked={span.days.includes(day)}
                  onChange={({ target }) =>
                    void attempt((now) =>
                      replaced(now, key, ({ days }) => ({
                        days: WEEKDAYS.filter((other) =>
                          other === day ? target.checked : days.includes(other),
                        ),
                      })),
                    )
                  }
                />
                {formatWeekdayName(day, 'short')}
              </label>
            ))}
          </div>
          {(['opens', 'closes'] as const).map((end) => (
            <SavedField
              key={end}
              isLabelHidden
              label={t(`settings.opening.${end}`)}
              kind="time"
              value={span[end]}
              save={(time) => send((now) => replaced(now ?? [], key, () => ({ [end]: time })))}
            />
          ))}
          <button
            type="button"
            className={settings.remove}
            title={t('settings.opening.remove')}
            onClick={({ detail }) => {
              // The second click of a double one hits the line that has moved up.
              if (detail <= 1) void attempt((now) => now.filter((other) => keyOf(other) !== key));
            }}
          >
            <X aria-hidden="true" />
            <span className="visually-hidden">{t('settings.opening.remove')}</span>
          </button>
        </fieldset>
      ))}
      <div className={styles.actions}>
        <button
          type="button"
          className={settings.button}
          onClick={() => {
            const added = { ...OFFICE };
            void attempt((now) => [...now, added]);
          }}
        >
          {t('settings.opening.add')}
        </button>
        {shown !== null && (
          <button type="button" className={settings.button} onClick={() => void attempt(() => null)}>
            {t('settings.opening.makeAlways')}
          </button>
        )}
      </div>
      <p className={settings.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}
