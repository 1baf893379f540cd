import { useTranslation } from 'react-i18next';
import type { AgentSetting, AgentSettingChange } from '../../shared/contract/settingsRest.ts';
import { initialsOf } from '../../shared/initials.ts';
import { pathOf, type RestApi } from './api.ts';
import { Cell, List } from './List.tsx';
import { SavedField } from './SavedField.tsx';
import { useList } from './useList.ts';
import { useSectorOptions } from './useSectorOptions.ts';

/** Agents appear with their first event; here they get the name people know them by, one for walls without names, and a sector. */
export function Agents({ api }: { api: RestApi }) {
  const { t } = useTranslation();
  const list = useList<AgentSetting>(api, '/agents');
  const sectors = useSectorOptions(api);

  const change = async (agentId: string, fields: AgentSettingChange): Promise<void> => {
    const changed = await api.change<AgentSetting>(pathOf('agents', agentId), fields);
    list.set((rows) => rows.map((row) => (row.agentId === agentId ? changed : row)));
  };
  const columns = ['id', 'name', 'nickname', 'sectorId'].map((field) => ({
    key: field,
    name: t(`settings.agents.${field}`),
  }));

  return (
    <List list={list} kind="agents" columns={columns}>
      {(agent) => (
        <tr key={agent.agentId}>
          <th scope="row">{agent.agentId}</th>
          <Cell column={t('settings.agents.name')}>
            <SavedField
              isLabelHidden
              label={`${t('settings.agents.name')}, ${agent.agentId}`}
              value={agent.name}
              save={(name) => change(agent.agentId, { name: name.trim() })}
            />
          </Cell>
          <Cell column={t('settings.agents.nickname')}>
            <SavedField
              isLabelHidden
              label={`${t('settings.agents.nickname')}, ${agent.name}`}
              placeholder={initialsOf(agent.name)}
              value={agent.nickname ?? ''}
              save={(nickname) => change(agent.agentId, { nickname: nickname.trim() || null })}
            />
          </Cell>
          <Cell column={t('settings.agents.sectorId')}>
            <SavedField
              isLabelHidden
              label={`${t('settings.agents.sectorId')}, ${agent.name}`}
              options={sectors(agent.sectorId)}
              value={agent.sectorId}
              save={(sectorId) => change(agent.agentId, { sectorId })}
            />
          </Cell>
        </tr>
      )}
    </List>
  );
}
