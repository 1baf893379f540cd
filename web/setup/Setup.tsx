import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetupRequest, SetupState } from '../../shared/contract/platform.ts';
import type { CreatedApiKey } from '../../shared/contract/rest.ts';
import { ask, Refused } from '../app/ask.ts';
import { i18n } from '../app/i18n.ts';
import type { Sessions } from '../app/session.ts';
import { Administrator } from './Administrator.tsx';
import { Centre } from './Centre.tsx';
import { Connect } from './Connect.tsx';
import en from './en.json' with { type: 'json' };
import styles from './Setup.module.css';
import { Source } from './Source.tsx';

// Nobody but the first visitor ever needs these words.
i18n.addResourceBundle('en', 'translation', en, true);

/** What the steps ask for. */
export type Wish = Omit<SetupRequest, 'token'>;

/** Something wrong with one field, or with all of it where `path` is ''. */
export interface Problem {
  path: string;
  message: string;
}

export interface StepProps {
  wish: Wish;
  problem: Problem | null;
  /** Takes what this step asked for, and goes on. */
  onNext(part: Partial<Wish>): void;
  onBack(): void;
}

/** Which step asks for which field: what the server finds wrong is shown where it was typed. */
const STEPS: readonly (readonly (keyof Wish)[])[] = [
  ['name', 'email', 'password'],
  ['centreName', 'timeZone'],
  ['source'],
];

/** The first run: who, which call centre, where its calls come from. Then the wall, or how to connect a source. */
export function Setup({ base, sessions, setupToken }: { base: URL; sessions: Sessions; setupToken: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<SetupState | 'unreachable' | null>(null);
  const [step, setStep] = useState(0);
  const [wish, setWish] = useState<Wish>(emptyWish);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** Once it is an own call centre; the key is null where it could not be made. */
  const [connecting, setConnecting] = useState<{ key: string | null } | null>(null);

  const look = useCallback(() => {
    setState(null);
    ask(base, 'GET', 'setup')
      .then((answer) => answer.json())
      .then(
        ({ data }: { data: SetupState }) => {
          setState(data);
          if (!data.hasDemo) setWish((before) => ({ ...before, source: 'own' }));
        },
        () => setState('unreachable'),
      );
  }, [base]);
  useEffect(look, [look]);

  const makeKey = async (): Promise<string> => {
    const token = await sessions.token(false);
    const body = { name: t('connect.keyName'), scopes: ['events:write'] };
    const { data }: { data: CreatedApiKey } = await (
      await ask(base, 'POST', 'api-keys', { token, body })
    ).json();
    return data.key;
  };

  const finish = async (whole: Wish): Promise<void> => {
    setBusy(true);
    try {
      await sessions.setUp({ ...whole, token: setupToken });
      if (whole.source === 'demo') location.hash = '#/';
      else setConnecting({ key: await makeKey().catch(() => null) });
    } catch (error) {
      setBusy(false);
      if (!(error instanceof Refused)) return setProblem({ path: '', message: t('setup.unreachable') });
      if (error.code === 'conflict') return look();
      const [issue] = error.issues;
      const asked = STEPS.findIndex((fields) => fields.some((field) => field === issue?.path));
      if (issue && asked >= 0) setStep(asked);
      setProblem(issue ? { path: issue.path, message: issue.message } : { path: '', message: error.message });
    }
  };

  const props: StepProps = {
    wish,
    problem,
    onNext(part) {
      const whole = { ...wish, ...part };
      setWish(whole);
      setProblem(null);
      if (step === STEPS.length - 1) void finish(whole);
      else setStep(step + 1);
    },
    onBack() {
      setProblem(null);
      setStep(step - 1);
    },
  };

  if (connecting) {
    return <Connect base={base} sessions={sessions} firstKey={connecting.key} makeKey={makeKey} />;
  }
  return (
    <main className={styles.page}>
      <title>{t('setup.title')}</title>
      <div className={styles.card}>
        {state === null && <p className={styles.lead} role="status" />}
        {state === 'unreachable' && (
          <>
            <h1 className={styles.title}>{t('setup.title')}</h1>
            <p role="alert">{t('setup.unreachable')}</p>
            <button type="button" className={styles.main} onClick={look}>
              {t('setup.again')}
            </button>
          </>
        )}
        {state !== null && state !== 'unreachable' && !state.isOpen && (
          <>
            <h1 className={styles.title}>{t('app.title')}</h1>
            <p className={styles.lead}>{t('setup.closed')}</p>
            <a className={styles.main} href="#/">
              {t('setup.enter')}
            </a>
          </>
        )}
        {state !== null && state !== 'unreachable' && state.isOpen && (
          <>
            <header className={styles.header}>
              <p className={styles.product}>{t('setup.title')}</p>
              <p className={styles.step}>{t('setup.step', { step: step + 1 })}</p>
              <div className={styles.progress} data-step={step} aria-hidden="true" />
            </header>
            {step === 0 && <Administrator {...props} />}
            {step === 1 && <Centre {...props} />}
            {step === 2 && <Source {...props} hasDemo={state.hasDemo} isBusy={isBusy} />}
          </>
        )}
      </div>
    </main>
  );
}

function emptyWish(): Wish {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { name: '', email: '', password: '', centreName: '', timeZone, source: 'demo' };
}
