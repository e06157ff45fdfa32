import { Router } from 'express';
import { z } from 'zod';
import { CODE_USES, isPossibleCode } from '../domain/line-code.js';
import type { MasterKey } from '../domain/secrets.js';
import type { ServiceContext } from '../services/context.js';
import { codeOfLine } from '../services/line-codes.js';
import { type LineOutcome, changeLine, createLine, removeLine } from '../services/lines.js';
import { type Line, findLine, listLines } from '../store/lines.js';
import { findTenant } from '../store/tenants.js';
import { actorOf } from './actor.js';
import { credential, hostAndPort, ownId, text, time } from './fields.js';
import { pageSchema, presentPage, toPageQuery } from './page.js';
import { Problem, notFound } from './problem.js';
import { answerRemoval, expectedDependents } from './removal.js';
import { readBody, readId, readQuery } from './request.js';
import { resource } from './resource.js';

const transport = z.enum(['udp', 'tcp', 'tls']);

export const LINE = z.strictObject({
  label: text(100),
  displayName: text(100).nullish(),
  sipUser: credential(100),
  authUser: credential(100).nullish(),
  password: credential(100),
  registrar: hostAndPort,
  outboundProxy: hostAndPort.nullish(),
  transport: transport.optional(),
  provisioningCode: z.string().refine(isPossibleCode, 'must have 4 to 12 digits').optional(),
  codeUse: z.enum(CODE_USES).optional(),
});
export const LINE_PATCH = LINE.partial();

/** The password is write-only. */
export const LINE_ANSWER = z.strictObject({
  id: ownId,
  tenantId: ownId,
  label: z.string(),
  displayName: z.string().nullable(),
  sipUser: z.string(),
  authUser: z.string().nullable(),
  registrar: z.string(),
  outboundProxy: z.string().nullable(),
  transport,
  provisioningCode: z.string(),
  codeUse: z.enum(CODE_USES),
  codeUsedAt: time.nullable(),
  createdAt: time,
});

export function lineRoutes(context: ServiceContext): Router {
  const router = Router({ mergeParams: true });
  const { masterKey } = context;
  const { db } = context.store;

  resource(router, '/', {
    post: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const line = lineOf(
        await createLine(context, tenantId, readBody(request, LINE), actorOf(request)),
        'tenant',
      );
      response
        .status(201)
        .location(`/api/v1/tenants/${tenantId}/lines/${line.id}`)
        .json(presentLine(masterKey, line));
    },
    get: async (request, response) => {
      const tenantId = readId(request, 'tenantId', 'tenant');
      const page = toPageQuery(readQuery(request, pageSchema));
      if ((await findTenant(db, tenantId)) === null) throw notFound('tenant');
      response.json(presentPage(await listLines(db, tenantId, page), (line) => presentLine(masterKey, line)));
    },
  });

  resource(router, '/:id', {
    get: async (request, response) => {
      const line = await findLine(db, readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'line'));
      if (line === null) throw notFound('line');
      response.json(presentLine(masterKey, line));
    },
    patch: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'line')];
      const patch = readBody(request, LINE_PATCH);
      const line = lineOf(await changeLine(context, tenantId, id, patch, actorOf(request)), 'line');
      response.json(presentLine(masterKey, line));
    },
    delete: async (request, response) => {
      const [tenantId, id] = [readId(request, 'tenantId', 'tenant'), readId(request, 'id', 'line')];
      answerRemoval(
        response,
        await removeLine(context, { tenantId, id }, expectedDependents(request), actorOf(request)),
        'line',
      );
    },
  });

  return router;
}

function lineOf(outcome: LineOutcome, missing: string): Line {
  switch (outcome.kind) {
    case 'line':
      return outcome.line;
    case 'not-found':
      throw notFound(missing);
    case 'code-taken':
      throw new Problem(409, 'Another line has this provisioning code.', [
        { pointer: '/provisioningCode', detail: 'is taken' },
      ]);
  }
}

function presentLine(masterKey: MasterKey, line: Line): z.infer<typeof LINE_ANSWER> {
  const {
    passwordSealed: _password,
    keyVersion: _version,
    codeLookup: _lookup,
    codeSealed: _code,
    ...open
  } = line;
  return { ...open, provisioningCode: codeOfLine(masterKey, line) };
}
