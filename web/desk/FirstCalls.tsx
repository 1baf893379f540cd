import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from './desk.ts';
import states from './Message.module.css';

/** In place of figures where nobody has told of a call yet: how the first come here, for whoever may make a key. */
export function FirstCalls() {
  const { t } = useTranslation();
  const { may } = useDesk();
  const mayMakeKeys = may('keys:manage');
  return (
    <section className={states.message} aria-label={t('desk.empty.first.title')}>
      <h2>{t('desk.empty.first.title')}</h2>
      <p>{t('desk.empty.first.why')}</p>
      <ul className={states.ways}>
        {(['follow', 'import'] as const).map((command) => (
          <li key={command}>
            <p>{t(`desk.empty.first.${command}`)}</p>
            <code>
              {commandOf(command)
                .split(' ')
                .map((word, place) => (
                  <Fragment key={word}>
                    {place > 0 && ' '}
                    <span>{word}</span>
                  </Fragment>
                ))}
            </code>
          </li>
        ))}
        <li>
          <p>{t('desk.empty.first.post')}</p>
        </li>
      </ul>
      <p className={states.links}>
        {mayMakeKeys ? (
          <a href="#/settings/keys">{t('desk.empty.first.key')}</a>
        ) : (
          <span>{t('desk.empty.first.notYours')}</span>
        )}{' '}
        <a href="docs/">{t('desk.empty.first.reference')}</a>
      </p>
    </section>
  );
}

function commandOf(command: 'follow' | 'import'): string {
  const file = command === 'follow' ? 'queue_log' : 'queue_log.1';
  const { href } = new URL('.', document.baseURI);
  return `npm run callboard -- ${command} asterisk /var/log/asterisk/${file} --url ${href} --key KEY`;
}
