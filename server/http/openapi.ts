import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Collects every route registered after it, from the schemas that validate them. */
export async function describeRoutes(app: FastifyInstance, options: { basePath: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Callboard',
        version: '1',
        description:
          'Events in, live numbers out. Every answer is `{ data, meta }`, every error `{ error }`.',
      },
      servers: [{ url: options.basePath || '/' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: (document) => {
      const { basePath } = options;
      const transformed = jsonSchemaTransform(document);
      // Sockets and pages have no schema and no place in a description of the API.
      if (!document.schema) return { ...transformed, schema: { hide: true } };
      const { url } = transformed;
      return { ...transformed, url: url.startsWith(basePath) ? url.slice(basePath.length) : url };
    },
  });
}

/** The reader, offline: the package's own bundle, none of its addresses elsewhere. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Callboard API</title>
</head>
<body>
<script id="api-reference" data-url="openapi.json" data-configuration='{"withDefaultFonts":false,"telemetry":false,"hideClientButton":true,"showDeveloperTools":"never","agent":{"disabled":true}}'></script>
<script src="reader.js"></script>
</body>
</html>
`;

/** `/docs/` for people, `/docs/openapi.json` for programs. */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  const schema = { hide: true };
  let description: string | null = null;
  let reader: Promise<Buffer> | null = null;

  app.get('/docs', { schema }, async (_request, reply) => reply.redirect('docs/', 302));

  app.get('/docs/', { schema }, async (_request, reply) => {
    // The reader builds its styles as it runs. Scripts stay as strict as anywhere.
    const policy = String(reply.getHeader('content-security-policy') ?? '');
    reply.header(
      'content-security-policy',
      policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
    );
    return reply.type('text/html; charset=utf-8').send(PAGE);
  });

  app.get('/docs/openapi.json', { schema }, async (_request, reply) => {
    description ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(description);
  });

  app.get('/docs/reader.js', { schema }, async (_request, reply) => {
    reader ??= readReader();
    reply.header('cache-control', 'public, max-age=3600');
    return reply.type('text/javascript; charset=utf-8').send(await reader);
  });
}

/** Beside the package's entry: its `exports` do not name the file. */
function readReader(): Promise<Buffer> {
  const entry = createRequire(import.meta.url).resolve('@scalar/fastify-api-reference');
  return readFile(join(dirname(entry), 'js', 'standalone.js'));
}
