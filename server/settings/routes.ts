import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  businessRules,
  businessRulesChange,
  rulesOf,
  settingsChangeOf,
} from '../../shared/contract/businessRules.ts';
import { id } from '../../shared/contract/ids.ts';
import { envelope } from '../../shared/contract/rest.ts';
import {
  agentSetting,
  agentSettingChange,
  queueSetting,
  queueSettingChange,
  sectorSetting,
  sectorSettingBody,
  settingsListQuery,
  tenantSettings,
  tenantSettingsChange,
} from '../../shared/contract/settingsRest.ts';
import type { Access } from '../access/access.ts';
import { actorOf } from '../access/audit/audit.ts';
import type { Settings } from './settings.ts';

const one = z.strictObject({ id });

/** `/settings`, for managers and administrators: the tenant, its sectors, queues and agents. */
export const settingsRoutes: FastifyPluginAsyncZod<{ settings: Settings; access: Access }> = async (
  app,
  { settings, access },
) => {
  const onRequest = access.guard('settings:manage');
  const tags = ['settings'];

  app.get(
    '/settings',
    {
      onRequest,
      schema: { tags, summary: 'What the tenant decides', response: { 200: envelope(tenantSettings) } },
    },
    async ({ principal }) => ({ data: await settings.read(principal.tenantId) }),
  );

  app.patch(
    '/settings',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change what the tenant decides; fields left out stay',
        body: tenantSettingsChange,
        response: { 200: envelope(tenantSettings) },
      },
    },
    async (request) => ({
      data: await settings.change(actorOf(request), request.principal.tenantId, request.body),
    }),
  );

  app.get(
    '/settings/business-rules',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Targets, thresholds and definitions: by what the tenant is measured',
        response: { 200: envelope(businessRules) },
      },
    },
    async ({ principal }) => ({ data: rulesOf(await settings.read(principal.tenantId)) }),
  );

  app.patch(
    '/settings/business-rules',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change by what the tenant is measured; fields left out stay',
        body: businessRulesChange,
        response: { 200: envelope(businessRules) },
      },
    },
    async (request) => {
      const change = settingsChangeOf(request.body);
      return { data: rulesOf(await settings.change(actorOf(request), request.principal.tenantId, change)) };
    },
  );

  app.get(
    '/settings/sectors',
    { onRequest, schema: { tags, summary: 'Sectors', response: { 200: envelope(z.array(sectorSetting)) } } },
    async ({ principal }) => ({ data: await settings.sectors(principal.tenantId) }),
  );

  app.post(
    '/settings/sectors',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Add a sector',
        body: sectorSettingBody,
        response: { 201: envelope(sectorSetting) },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const data = await settings.addSector(actorOf(request), principal.tenantId, body.name);
      return reply.code(201).send({ data });
    },
  );

  app.patch(
    '/settings/sectors/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Rename a sector',
        params: one,
        body: sectorSettingBody,
        response: { 200: envelope(sectorSetting) },
      },
    },
    async (request) => {
      const { principal, params, body } = request;
      return {
        data: await settings.renameSector(actorOf(request), principal.tenantId, params.id, body.name),
      };
    },
  );

  app.delete(
    '/settings/sectors/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Remove a sector; its queues and agents become unassigned',
        params: one,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await settings.removeSector(actorOf(request), request.principal.tenantId, request.params.id);
      return reply.code(204).send();
    },
  );

  app.get(
    '/settings/queues',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Queues, a page at a time',
        querystring: settingsListQuery,
        response: { 200: envelope(z.array(queueSetting)) },
      },
    },
    async ({ principal, query }) => {
      const { data, nextCursor } = await settings.queues(principal.tenantId, query);
      return { data, meta: { nextCursor } };
    },
  );

  app.patch(
    '/settings/queues/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change a queue; fields left out stay, null means as the tenant',
        params: one,
        body: queueSettingChange,
        response: { 200: envelope(queueSetting) },
      },
    },
    async (request) => {
      const { principal, params, body } = request;
      return { data: await settings.changeQueue(actorOf(request), principal.tenantId, params.id, body) };
    },
  );

  app.get(
    '/settings/agents',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Agents, a page at a time',
        querystring: settingsListQuery,
        response: { 200: envelope(z.array(agentSetting)) },
      },
    },
    async ({ principal, query }) => {
      const { data, nextCursor } = await settings.agents(principal.tenantId, query);
      return { data, meta: { nextCursor } };
    },
  );

  app.patch(
    '/settings/agents/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Name an agent, or move it to another sector; nickname null means initials',
        params: one,
        body: agentSettingChange,
        response: { 200: envelope(agentSetting) },
      },
    },
    async (request) => {
      const { principal, params, body } = request;
      return { data: await settings.changeAgent(actorOf(request), principal.tenantId, params.id, body) };
    },
  );
};
