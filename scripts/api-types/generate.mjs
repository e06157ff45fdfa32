/**
 * Writes the types of the admin API, for a client such as openapi-fetch:
 *
 *     node scripts/api-types/generate.mjs .build/admin-api.d.ts
 *
 * From the compiled sources, so after any other command.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import openapiTypescript, { astToString } from 'openapi-typescript';

const [, , target] = process.argv;
if (target === undefined) throw new Error('Name the file that is to be written.');
const { openapiDocument } = await import('../../dist/src/admin/openapi.js');
const { OPERATIONS } = await import('../../dist/src/admin/operations.js');

const types = astToString(await openapiTypescript(openapiDocument(OPERATIONS)));
const path = resolve(target);
await mkdir(dirname(path), { recursive: true });
await writeFile(path, types);
