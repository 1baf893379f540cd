import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import type { StepProps } from './Setup.tsx';
import { Step } from './Step.tsx';

/** As the server has it (shared/contract/rest.ts), whose schemas stay out of the page. */
const PASSWORD_LENGTH = 8;

export function Administrator({ wish, problem, onNext }: StepProps) {
  const { t } = useTranslation();
  return (
    <Step
      title={t('setup.you')}
      lead={t('setup.youLead')}
      problem={problem}
      next={t('setup.next')}
      onSubmit={(fields) =>
        onNext({
          name: String(fields.get('name')).trim(),
          email: String(fields.get('email')).trim(),
          password: String(fields.get('password')),
        })
      }
    >
      <Field
        name="name"
        label={t('setup.name')}
        defaultValue={wish.name}
        problem={problem}
        autoComplete="name"
        maxLength={100}
      />
      <Field
        name="email"
        type="email"
        label={t('setup.email')}
        defaultValue={wish.email}
        problem={problem}
        autoComplete="username"
        maxLength={254}
      />
      <Field
        name="password"
        type="password"
        label={t('setup.password')}
        hint={t('setup.passwordHint')}
        defaultValue={wish.password}
        problem={problem}
        autoComplete="new-password"
        minLength={PASSWORD_LENGTH}
        maxLength={1_024}
      />
    </Step>
  );
}
