import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './CentreMenu.module.css';

interface CentreMenuProps {
  tenant: { id: string; name: string };
  tenants: readonly { id: string; name: string }[];
  switchTo(tenantId: string): Promise<void>;
}

/** The call centre's name, for people of several: opens the others. */
export function CentreMenu({ tenant, tenants, switchTo }: CentreMenuProps) {
  const { t } = useTranslation();
  const [hasFailed, setFailed] = useState(false);
  const choose = (id: string): void => {
    setFailed(false);
    switchTo(id).catch(() => setFailed(true));
  };
  return (
    <>
      <button
        type="button"
        className={styles.name}
        title={t('app.switchCentre')}
        popoverTarget="centres"
        onClick={() => setFailed(false)}
      >
        <span>{tenant.name}</span>
        <ChevronDown aria-hidden="true" />
        <span className="visually-hidden">{t('app.switchCentre')}</span>
      </button>
      <div id="centres" popover="auto" className={styles.menu}>
        <ul>
          {tenants.map(({ id, name }) => (
            <li key={id}>
              <button
                type="button"
                className={styles.centre}
                aria-current={id === tenant.id ? 'true' : undefined}
                {...(id === tenant.id
                  ? { popoverTarget: 'centres', popoverTargetAction: 'hide' as const }
                  : { onClick: () => choose(id) })}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
        <p className={styles.problem} role="alert">
          {hasFailed && t('app.notSwitched')}
        </p>
      </div>
    </>
  );
}
