/** Makes docs/vendors.md anew from what the vendor families say of themselves. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conclude } from './outcomes.mjs';
import { DIST, ROOT, prepare } from './prepare.mjs';

await conclude(async () => {
  await prepare({ quiet: true });
  const { vendorsPage } = await import(join(DIST, 'src', 'vendors', 'documentation.js'));
  await writeFile(join(ROOT, 'docs', 'vendors.md'), vendorsPage());
});
