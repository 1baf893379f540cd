import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { FormContent } from '../../shared/contract/qualityForms.ts';
import desk from '../desk/Desk.module.css';
import styles from './Form.module.css';
import { focusAt } from './focusOn.ts';
import { emptyCriterion, moved } from './formEdit.ts';
import { SectionFields } from './SectionFields.tsx';
import { newUuid } from './uuid.ts';

interface FormSectionsProps {
  content: FormContent;
  /** What is wrong with a field, by its path. */
  problemAt(place: string): string | undefined;
  onChange(content: FormContent): void;
}

/** The sections of a form in their order: the keyboard goes along with what is added, moved and removed. */
export function FormSections({ content, problemAt, onChange }: FormSectionsProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const { sections } = content;
  const list = (next: FormContent['sections']): void =>
    flushSync(() => onChange({ ...content, sections: next }));
  return (
    <>
      <div className={styles.sections} ref={place}>
        {sections.map((section, at) => (
          <SectionFields
            // biome-ignore lint/suspicious/noArrayIndexKey: sections have no name of their own but their place.
            key={at}
            content={content}
            section={section}
            at={at}
            problemAt={problemAt}
            onChange={onChange}
            onMove={(by) => {
              list(moved(sections, at, by));
              place.current?.children[at + by]?.querySelector<HTMLElement>(`[data-move="${by}"]`)?.focus();
            }}
            onRemove={() => {
              list(sections.toSpliced(at, 1));
              focusAt(place.current?.children, at);
            }}
          />
        ))}
      </div>
      <p>
        <button
          type="button"
          className={desk.button}
          onClick={() => {
            list([...sections, { name: '', guidance: '', criteria: [emptyCriterion(newUuid())] }]);
            focusAt(place.current?.children, sections.length);
          }}
        >
          <Plus aria-hidden="true" /> {t('quality.edit.addSection')}
        </button>
      </p>
    </>
  );
}
