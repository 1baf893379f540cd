import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../ui/format.ts';
import { Field } from './Field.tsx';
import type { Problem, StepProps } from './Setup.tsx';
import { Step } from './Step.tsx';

/** What the call centre is called, and where on earth it is: at first where this browser is. */
export function Centre({ wish, problem, onNext, onBack }: StepProps) {
  const { t } = useTranslation();
  const [zone, setZone] = useState(wish.timeZone);
  const [wrong, setWrong] = useState<Problem | null>(null);
  const known = zoneNamed(zone);
  return (
    <Step
      title={t('setup.centre')}
      lead={t('setup.centreLead')}
      problem={problem}
      next={t('setup.next')}
      onBack={onBack}
      onSubmit={(fields) => {
        if (known === null) setWrong({ path: 'timeZone', message: t('setup.timeZoneWrong') });
        else onNext({ centreName: String(fields.get('centreName')).trim(), timeZone: known });
      }}
    >
      <Field
        name="centreName"
        label={t('setup.centreName')}
        hint={t('setup.centreNameHint')}
        defaultValue={wish.centreName}
        problem={problem}
        autoComplete="organization"
        maxLength={100}
      />
      <Field
        name="timeZone"
        label={t('setup.timeZone')}
        hint={[
          t('setup.timeZoneHint'),
          ...(known === null ? [] : [t('setup.timeZoneNow', { time: formatTime(Date.now(), known) })]),
        ].join(' ')}
        value={zone}
        onChange={(event) => {
          setWrong(null);
          setZone(event.target.value);
        }}
        // All of it, so that typing begins another search.
        onFocus={(event) => event.target.select()}
        suggestions={Intl.supportedValuesOf('timeZone')}
        problem={wrong ?? problem}
        autoComplete="off"
        spellCheck={false}
      />
    </Step>
  );
}

/** The zone of that name, or of that city where one has it; null where none has. */
function zoneNamed(text: string): string | null {
  const typed = text.trim().replaceAll(' ', '_').toLowerCase();
  const zones = Intl.supportedValuesOf('timeZone');
  const found =
    zones.find((zone) => zone.toLowerCase() === typed) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${typed}`));
  if (found !== undefined) return found;
  try {
    // UTC and older names are not listed, but understood.
    return /^[a-z]/.test(typed)
      ? new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone
      : null;
  } catch {
    return null;
  }
}
