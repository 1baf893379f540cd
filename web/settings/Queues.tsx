import { Fragment, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueSetting, QueueSettingChange, TenantSettings } from '../../shared/contract/settingsRest.ts';
import { pathOf, type RestApi } from './api.ts';
import table from './List.module.css';
import { Cell, List } from './List.tsx';
import { OpeningHoursEditor } from './OpeningHoursEditor.tsx';
import { openingTexts } from './openingText.ts';
import { hasOwnTargets, QueueTargets } from './QueueTargets.tsx';
import { SavedField } from './SavedField.tsx';
import styles from './Settings.module.css';
import { useList } from './useList.ts';
import { useSectorOptions } from './useSectorOptions.ts';

type Part = 'hours' | 'targets';

const SECONDS = ['thresholdSeconds', 'shortAbandonSeconds', 'wrapUpSeconds', 'maxWaitSeconds'] as const;

/** Queues appear with their first event; here they get a name, a sector and what differs from the centre. */
export function Queues({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const list = useList<QueueSetting>(api, '/queues');
  const sectors = useSectorOptions(api);
  /** The queue whose hours or targets are being looked at. */
  const [opened, setOpened] = useState<{ queueId: string; part: Part } | null>(null);
  const [centre, setCentre] = useState<TenantSettings | null>(null);
  useEffect(() => {
    // Without it the fields stay without a hint of what applies while they are empty.
    api.read<TenantSettings>('').then(
      ({ data }) => setCentre(data),
      () => {},
    );
  }, [api]);

  const textsOf = (hours: QueueSetting['openingHours']): string[] => {
    if (hours === null) return [t('settings.opening.always')];
    return hours.length === 0 ? [t('settings.opening.never')] : openingTexts(hours);
  };
  const change = async (queueId: string, fields: QueueSettingChange): Promise<void> => {
    const changed = await api.change<QueueSetting>(pathOf('queues', queueId), fields);
    list.set((rows) => rows.map((row) => (row.queueId === queueId ? changed : row)));
  };
  const columns = ['id', 'name', 'sectorId', ...SECONDS, 'openingHours', 'targets'].map((field) => ({
    key: field,
    name: t(`settings.queues.${field}`),
  }));

  return (
    <List list={list} kind="queues" columns={columns}>
      {(queue) => {
        const labels = (field: string) => ({
          isLabelHidden: true,
          label: `${t(`settings.queues.${field}`)}, ${queue.name}`,
        });
        const shown = opened?.queueId === queue.queueId ? opened.part : null;
        const opener = (part: Part) => ({
          type: 'button' as const,
          className: `${styles.button} ${table.hours}`,
          'aria-expanded': shown === part,
          onClick: () => setOpened(shown === part ? null : { queueId: queue.queueId, part }),
        });
        const targets = t(
          hasOwnTargets(queue) ? 'settings.queues.ownTargets' : 'settings.queues.sameTargets',
        );
        return (
          <Fragment key={queue.queueId}>
            <tr>
              <th scope="row">{queue.queueId}</th>
              <Cell column={t('settings.queues.name')}>
                <SavedField
                  {...labels('name')}
                  value={queue.name}
                  save={(name) => change(queue.queueId, { name: name.trim() })}
                />
              </Cell>
              <Cell column={t('settings.queues.sectorId')}>
                <SavedField
                  {...labels('sectorId')}
                  options={sectors(queue.sectorId)}
                  value={queue.sectorId}
                  save={(sectorId) => change(queue.queueId, { sectorId })}
                />
              </Cell>
              {SECONDS.map((field) => (
                <Cell key={field} column={t(`settings.queues.${field}`)}>
                  <SavedField
                    {...labels(field)}
                    kind="number"
                    placeholder={centre ? String(centre[field]) : ''}
                    value={queue[field] === null ? '' : String(queue[field])}
                    save={(text) => change(queue.queueId, { [field]: text === '' ? null : Number(text) })}
                  />
                </Cell>
              ))}
              <Cell column={t('settings.queues.openingHours')}>
                <button
                  {...opener('hours')}
                  aria-label={`${t('settings.queues.editHours', { name: queue.name })}: ${textsOf(queue.openingHours).join(', ')}`}
                >
                  {textsOf(queue.openingHours).map((text) => (
                    <span key={text}>{text}</span>
                  ))}
                </button>
              </Cell>
              <Cell column={t('settings.queues.targets')}>
                <button
                  {...opener('targets')}
                  aria-label={`${t('settings.queues.editTargets', { name: queue.name })}: ${targets}`}
                >
                  <span>{targets}</span>
                </button>
              </Cell>
            </tr>
            {shown !== null && (
              <tr className={table.panel}>
                <td colSpan={columns.length}>
                  {shown === 'hours' ? (
                    <OpeningHoursEditor
                      name={queue.name}
                      hours={queue.openingHours}
                      save={(openingHours) => change(queue.queueId, { openingHours })}
                    />
                  ) : (
                    <QueueTargets
                      queue={queue}
                      centre={centre}
                      change={(fields) => change(queue.queueId, fields)}
                    />
                  )}
                </td>
              </tr>
            )}
          </Fragment>
        );
      }}
    </List>
  );
}
