import { useTranslation } from 'react-i18next';
import { percentOf, ratioOf } from './percent.ts';
import { SavedField } from './SavedField.tsx';

interface NumberFieldProps {
  label: string;
  hint?: string;
  /** `percent` is of a ratio, which people write as a percentage. */
  unit: 'percent' | 'seconds' | 'months' | 'reviews';
  /** Null: empty. */
  value: number | null;
  /** What applies while it is empty. */
  otherwise?: number | null;
  /** Rejects where it could not be saved. */
  save(value: number | null): Promise<void>;
}

/** A number that may be left out. */
export function NumberField({ label, hint, unit, value, otherwise = null, save }: NumberFieldProps) {
  const { t } = useTranslation();
  const isRatio = unit === 'percent';
  const textOf = (of: number | null): string => (isRatio ? percentOf(of) : String(of ?? ''));
  const numberOf = (text: string): number | null =>
    isRatio ? ratioOf(text) : text === '' ? null : Number(text);
  return (
    <SavedField
      label={label}
      hint={hint}
      kind="number"
      unit={t(`settings.unit.${unit}`)}
      placeholder={textOf(otherwise)}
      value={textOf(value)}
      save={(text) => save(numberOf(text))}
    />
  );
}
