import { useTranslation } from 'react-i18next';
import styles from './Setup.module.css';
import type { StepProps } from './Setup.tsx';
import { Step } from './Step.tsx';

/** The demo that plays already, or a telephone system of one's own. */
export function Source({
  wish,
  problem,
  onNext,
  onBack,
  hasDemo,
  isBusy,
}: StepProps & { hasDemo: boolean; isBusy: boolean }) {
  const { t } = useTranslation();
  const choices = hasDemo ? (['demo', 'own'] as const) : (['own'] as const);
  return (
    <Step
      title={t('setup.source')}
      problem={problem?.path === 'source' ? { ...problem, path: '' } : problem}
      next={t(isBusy ? 'setup.busy' : 'setup.finish')}
      isBusy={isBusy}
      onBack={onBack}
      onSubmit={(fields) => onNext({ source: fields.get('source') === 'demo' ? 'demo' : 'own' })}
    >
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{t('setup.source')}</legend>
        {choices.map((choice) => (
          <label key={choice} className={styles.choice}>
            <input type="radio" name="source" value={choice} defaultChecked={wish.source === choice} />
            <span>
              <span className={styles.choiceName}>{t(`setup.${choice}`)}</span>
              <span className={styles.hint}>
                {t(choice === 'own' && hasDemo ? 'setup.ownHintDemo' : `setup.${choice}Hint`)}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
    </Step>
  );
}
