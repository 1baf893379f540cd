import { type KeyboardEvent, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { criteriaOf } from '../../shared/contract/qualityAnswers.ts';
import type { FormContent } from '../../shared/contract/qualityForms.ts';
import { CriterionField } from './CriterionField.tsx';
import { type Answers, answered, commented, keyed } from './draft.ts';
import { focusOn } from './focusOn.ts';
import styles from './Review.module.css';

interface CriteriaFieldsProps {
  form: Pick<FormContent, 'sections' | 'guidance'>;
  answers: Answers;
  /** Ids of those that have to be answered yet, once somebody has tried to go on. */
  missing: readonly string[];
  /** The page is for this, and begins at what is not answered. */
  isFirst?: boolean;
  onChange(answers: Answers): void;
}

/**
 * What a form asks. Keys answer the criterion that has the focus and go on to the next: digits, `y` and `n`, `x` for not
 * applicable; `c` comments, Escape comes back; arrows go up and down.
 */
export function CriteriaFields({ form, answers, missing, isFirst = false, onChange }: CriteriaFieldsProps) {
  const place = useRef<HTMLDivElement>(null);
  const criteria = criteriaOf(form);
  const begun = useRef(isFirst);
  useEffect(() => {
    if (!begun.current) return;
    begun.current = false;
    const first = criteria.find(({ id }) => answers[id]?.points === undefined) ?? criteria[0];
    if (first) focusOn(place.current, first.id);
  }, [criteria, answers]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const field = event.target.closest<HTMLElement>('[data-criterion]');
    const at = criteria.findIndex(({ id }) => id === field?.dataset.criterion);
    const criterion = criteria[at];
    if (criterion === undefined) return;
    const goTo = (index: number): void => {
      const next = criteria[index];
      if (next) focusOn(place.current, next.id);
    };
    if (event.target instanceof HTMLTextAreaElement) {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      focusOn(place.current, criterion.id);
      return;
    }
    const isTyped = event.target instanceof HTMLInputElement && event.target.type === 'number';
    if (event.key === 'ArrowDown' || (isTyped && event.key === 'Enter')) goTo(at + 1);
    else if (event.key === 'ArrowUp') goTo(at - 1);
    else if (event.key === 'c') field?.querySelector('textarea')?.focus();
    else {
      const points = keyed(criterion, event.key);
      if (points === undefined) return;
      flushSync(() => onChange(answered(answers, criterion.id, points)));
      // The last stays, with the focus on what is chosen now.
      goTo(Math.min(at + 1, criteria.length - 1));
    }
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that hold in each of the fields, which can be pressed, too.
    <div ref={place} className={styles.sections} onKeyDown={onKeyDown}>
      {form.guidance !== '' && (
        <p className={styles.guidance} dir="auto">
          {form.guidance}
        </p>
      )}
      {form.sections.map((section) => (
        <section key={section.criteria[0]?.id} className={styles.section} aria-label={section.name}>
          <h2 dir="auto">{section.name}</h2>
          {section.guidance !== '' && (
            <p className={styles.guidance} dir="auto">
              {section.guidance}
            </p>
          )}
          {section.criteria.map((criterion) => (
            <CriterionField
              key={criterion.id}
              criterion={criterion}
              points={answers[criterion.id]?.points}
              comment={answers[criterion.id]?.comment ?? ''}
              isMissing={missing.includes(criterion.id)}
              onPoints={(points) => onChange(answered(answers, criterion.id, points))}
              onComment={(comment) => onChange(commented(answers, criterion.id, comment))}
            />
          ))}
        </section>
      ))}
    </div>
  );
}
