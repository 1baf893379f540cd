import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Criterion, FormContent } from '../../shared/contract/qualityForms.ts';
import desk from '../desk/Desk.module.css';
import { formatPercent } from '../ui/format.ts';
import styles from './Form.module.css';
import { focusAt } from './focusOn.ts';
import { emptyCriterion, moved, sharesOf, withCriterion, withSection } from './formEdit.ts';
import { newUuid } from './uuid.ts';

interface SectionFieldsProps {
  content: FormContent;
  section: FormContent['sections'][number];
  at: number;
  /** What is wrong with a field, by its path. */
  problemAt(place: string): string | undefined;
  onChange(content: FormContent): void;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

/** A section of a form, and what it asks. */
export function SectionFields(props: SectionFieldsProps) {
  const { content, section, at, problemAt, onChange, onMove, onRemove } = props;
  const { t } = useTranslation();
  const criteria = useRef<HTMLOListElement>(null);
  const shares = sharesOf(content);
  const name = section.name || t('quality.edit.sectionOf', { place: at + 1 });
  const change = (part: Partial<typeof section>): void => onChange(withSection(content, at, part));
  /** Another list of criteria, and the keyboard goes on at one of them. */
  const list = (next: typeof section.criteria, place: number): void => {
    flushSync(() => change({ criteria: next }));
    focusAt(criteria.current?.children, place);
  };
  return (
    <section className={`${desk.panel} ${styles.fields}`} aria-label={name}>
      <div className={styles.line}>
        <label className={styles.grow}>
          {t('quality.edit.section')}
          <input
            value={section.name}
            maxLength={100}
            dir="auto"
            aria-invalid={problemAt(`sections.${at}.name`) !== undefined}
            onChange={({ target }) => change({ name: target.value })}
          />
        </label>
        <Moves name={name} isOnly={content.sections.length === 1} onMove={onMove} onRemove={onRemove} />
      </div>
      <ol className={styles.criteria} ref={criteria}>
        {section.criteria.map((criterion, place) => (
          <li key={criterion.id}>
            <CriterionFields
              criterion={criterion}
              place={place}
              share={shares.get(criterion.id) ?? 0}
              isOnly={section.criteria.length === 1}
              problemOf={(field) => problemAt(`sections.${at}.criteria.${place}.${field}`)}
              onChange={(part) => onChange(withCriterion(content, at, place, part))}
              onMove={(by) => change({ criteria: moved(section.criteria, place, by) })}
              onRemove={() => list(section.criteria.toSpliced(place, 1), place)}
            />
          </li>
        ))}
      </ol>
      <p>
        <button
          type="button"
          className={desk.button}
          onClick={() => list([...section.criteria, emptyCriterion(newUuid())], section.criteria.length)}
        >
          <Plus aria-hidden="true" /> {t('quality.edit.addCriterion')}
          <span className="visually-hidden"> {t('quality.edit.to', { name })}</span>
        </button>
      </p>
    </section>
  );
}

interface CriterionFieldsProps {
  criterion: Criterion;
  place: number;
  /** Of the whole score, 0–1. */
  share: number;
  isOnly: boolean;
  problemOf(field: keyof Criterion): string | undefined;
  onChange(part: Partial<Criterion>): void;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

function CriterionFields(props: CriterionFieldsProps) {
  const { criterion, place, share, isOnly, problemOf, onChange, onMove, onRemove } = props;
  const { t } = useTranslation();
  const name = criterion.name || t('quality.edit.criterionOf', { place: place + 1 });
  const check = (field: 'critical' | 'allowNotApplicable') => (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={criterion[field]}
        onChange={({ target }) => onChange({ [field]: target.checked })}
      />
      {t(`quality.edit.${field}`)}
    </label>
  );
  return (
    <fieldset className={styles.criterion}>
      <legend className="visually-hidden">{name}</legend>
      <div className={styles.line}>
        <label className={styles.grow}>
          {t('quality.first.criterion')}
          <input
            value={criterion.name}
            maxLength={100}
            dir="auto"
            aria-invalid={problemOf('name') !== undefined}
            onChange={({ target }) => onChange({ name: target.value })}
          />
        </label>
        <label>
          {t('quality.edit.scale')}
          <select
            value={criterion.scale}
            onChange={({ target }) =>
              onChange(
                target.value === 'yesNo' ? { scale: 'yesNo', possible: 1 } : { scale: 'points', possible: 5 },
              )
            }
          >
            <option value="points">{t('quality.scale.points')}</option>
            <option value="yesNo">{t('quality.scale.yesNo')}</option>
          </select>
        </label>
        {(['possible', 'weight'] as const).map((field) => (
          <label key={field}>
            {t(`quality.edit.${field}`)}
            <input
              type="number"
              className={styles.short}
              min={field === 'possible' ? 1 : 0.01}
              max={100}
              step={field === 'possible' ? 1 : 'any'}
              value={criterion[field]}
              aria-invalid={problemOf(field) !== undefined}
              onChange={({ target }) => onChange({ [field]: target.valueAsNumber || 0 })}
            />
          </label>
        ))}
        <p className={styles.share}>{t('quality.edit.ofScore', { share: formatPercent(share, 1) })}</p>
        <Moves name={name} isOnly={isOnly} onMove={onMove} onRemove={onRemove} />
      </div>
      <div className={styles.line}>
        <label className={styles.grow}>
          {t('quality.edit.guidance')}
          <input
            value={criterion.guidance.replaceAll('\n', ' ')}
            maxLength={1_000}
            dir="auto"
            onChange={({ target }) => onChange({ guidance: target.value })}
          />
        </label>
        {check('critical')}
        {check('allowNotApplicable')}
      </div>
    </fieldset>
  );
}

interface MovesProps {
  name: string;
  /** There must be one. */
  isOnly: boolean;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

function Moves({ name, isOnly, onMove, onRemove }: MovesProps) {
  const { t } = useTranslation();
  const button = (label: string, act: () => void, icon: typeof Trash2, by?: 1 | -1) => {
    const Icon = icon;
    return (
      <button
        type="button"
        className={styles.icon}
        data-move={by}
        disabled={isOnly}
        title={label}
        aria-label={label}
        onClick={act}
      >
        <Icon aria-hidden="true" />
      </button>
    );
  };
  return (
    <div className={styles.moves}>
      {button(t('quality.edit.up', { name }), () => onMove(-1), ArrowUp, -1)}
      {button(t('quality.edit.down', { name }), () => onMove(1), ArrowDown, 1)}
      {button(t('quality.edit.remove', { name }), onRemove, Trash2)}
    </div>
  );
}
