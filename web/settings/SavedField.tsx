import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../ui/Mark.tsx';
import { reasonOf } from './reasonOf.ts';
import styles from './SavedField.module.css';

interface SavedFieldProps {
  label: string;
  /** In a table the column says it; the label is then for those who listen. */
  isLabelHidden?: boolean;
  hint?: string;
  unit?: string;
  kind?: 'text' | 'number' | 'time';
  /** What applies while it is empty. */
  placeholder?: string;
  /** Suggestions while typing. */
  suggestions?: readonly string[];
  /** One of these and nothing else. */
  options?: readonly { value: string; name: string }[];
  value: string;
  /** Rejects where it could not be saved. */
  save(text: string): Promise<void>;
}

type State = { name: 'idle' | 'saving' | 'saved' } | { name: 'failed'; message: string };

/** A field that is saved as soon as it is left or Enter is pressed, and says whether it was. */
export function SavedField(props: SavedFieldProps) {
  const {
    label,
    isLabelHidden,
    hint,
    unit,
    kind = 'text',
    placeholder,
    options,
    suggestions,
    value,
    save,
  } = props;
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(value);
  const [state, setState] = useState<State>({ name: 'idle' });
  // What the server made of it replaces what was typed.
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }

  const commit = async (next: string): Promise<void> => {
    if (next === value) return setState({ name: 'idle' });
    setState({ name: 'saving' });
    try {
      await save(next);
      setState({ name: 'saved' });
    } catch (error) {
      // What was refused stays, to be mended, though the value is the old one again.
      setText((now) => (now === value ? next : now));
      setState({ name: 'failed', message: reasonOf(error) ?? t('settings.unreachable') });
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') void commit(text);
    if (event.key === 'Escape') setText(value);
  };
  const common = {
    id,
    className: styles.input,
    'aria-invalid': state.name === 'failed',
    'aria-describedby': `${id}-hint`,
  };

  return (
    <div className={styles.field} data-kind={options ? 'options' : kind}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <div className={styles.line}>
        {options ? (
          <select
            {...common}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              void commit(event.target.value);
            }}
          >
            {options.map(({ value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...common}
            type={kind}
            value={text}
            placeholder={placeholder}
            list={suggestions && `${id}-list`}
            min={kind === 'number' ? 0 : undefined}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
            onBlur={() => void commit(text)}
            onKeyDown={onKeyDown}
          />
        )}
        {suggestions && (
          <datalist id={`${id}-list`}>
            {suggestions.map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
          </datalist>
        )}
        {unit && <span className={styles.unit}>{unit}</span>}
        <span className={styles.saved} role="status">
          {state.name === 'saved' && (
            <>
              <Mark shape="check" />{' '}
              <span className={isLabelHidden ? 'visually-hidden' : ''}>{t('settings.saved')}</span>
            </>
          )}
        </span>
      </div>
      <p id={`${id}-hint`} className={styles.hint} data-failed={state.name === 'failed'}>
        {state.name === 'failed' ? state.message : hint}
      </p>
    </div>
  );
}
