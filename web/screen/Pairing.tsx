import { useTranslation } from 'react-i18next';
import type { DisplayState } from './display.ts';
import styles from './Pairing.module.css';
import { QrCode } from './QrCode.tsx';

/** What a display shows that is nobody's screen yet: its code, and where to enter it. */
export function Pairing({ base, state }: { base: URL; state: Exclude<DisplayState, { name: 'paired' }> }) {
  const { t } = useTranslation();
  const code = state.name === 'pairing' ? state.code : '';
  const place = `${base.host}${base.pathname}`.replace(/\/$/, '');
  return (
    <main className={styles.page}>
      <title>{`${t('screen.pair')} · ${t('app.title')}`}</title>
      <h1 className={styles.title}>{t('screen.pair')}</h1>
      <p className={styles.lead}>{t('screen.lead', { place })}</p>
      {code === '' ? (
        <p className={styles.code} data-state="none" aria-hidden="true">
          {t('screen.noCode')}
        </p>
      ) : (
        <p className={styles.code}>
          <span className="visually-hidden">{t('screen.code', { code: [...code].join(' ') })}</span>
          <span aria-hidden="true">{code.slice(0, code.length / 2)}</span>
          <span aria-hidden="true">{code.slice(code.length / 2)}</span>
        </p>
      )}
      <div className={styles.scan} data-is-empty={code === ''}>
        {code !== '' && (
          <>
            <QrCode text={new URL(`#/settings/screens?code=${code}`, base).href} label={t('screen.qr')} />
            <p>{t('screen.scan')}</p>
          </>
        )}
      </div>
      <p className={styles.note} role="status" data-failed={state.isUnreachable}>
        {state.isUnreachable ? t('app.unreachable') : code === '' ? t('screen.asking') : t('screen.expires')}
      </p>
    </main>
  );
}
