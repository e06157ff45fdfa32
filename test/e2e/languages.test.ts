/** Callers hear their own language, and an operator's own recordings before ours. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { readWav, writeWav } from '../../telephony/media/wav.js';
import { wrongPap } from '../support/admin-api.js';
import { PROMPTS, PROMPT_MS, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

const INSTALLATION = 'pl';

describe('languages', { concurrency: true }, () => {
  let service: Service;
  let folder: string;
  /** What phones know our recordings by, and the operator's own as those of another language. */
  let promptsFolders: string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dialgate-languages-'));
    promptsFolders = [PROMPTS, join(folder, 'known')];
    await own('pl/goodbye', 'pl/own-goodbye');
    await own('pl/authenticated', 'pl/own-authenticated');
    await own('nl/enter-pin-6', 'nl/enter-pin-6', 'de/enter-pin-6');
    await writeFile(join(folder, 'prompts/pl/goodby.wav'), '');
    const env = { PROMPTS_DIR: join(folder, 'prompts'), LANGUAGE_DEFAULT: INSTALLATION };
    service = await Service.launch({ env });
    // As where the media server does not have what is there for us.
    await unlink(join(folder, 'prompts/pl/authenticated.wav'));
  });
  after(async () => {
    await service.kill();
    await rm(folder, { recursive: true });
  });

  /** An own recording, one of ours played backwards, by which name phones know it. */
  async function own(name: string, known: string, source = name): Promise<void> {
    const wav = readWav(await readFile(join(PROMPTS, `${source}.wav`)));
    assert.ok(wav.kind === 'samples');
    const backwards = writeWav(wav.samples.toReversed());
    for (const file of [join(folder, 'prompts', `${name}.wav`), join(folder, 'known', `${known}.wav`)]) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, backwards);
    }
  }

  interface Wishes {
    device?: string;
    site?: string;
    tenant?: string;
  }

  async function callerWishing(
    t: TestContext,
    { device, site, tenant }: Wishes,
  ): Promise<{ phone: SimulatedPhone; pap: string }> {
    const { api } = service;
    const { id: tenantId } = await api.need('POST', '/tenants', { name: 'Example Ltd', language: tenant });
    const { id: siteId } = await api.need('POST', `/tenants/${tenantId}/sites`, {
      name: 'Here',
      language: site,
    });
    const settings = { language: device };
    const created = await api.createPhone({ device: { tenantId, siteId, lines: [], settings } });
    return {
      phone: await registeredPhone(t, service, created, 'yealink', { promptsFolders }),
      pap: created.pap,
    };
  }

  /**
   * The main job in short: the PIN is asked for, a wrong one is told, the right one is announced.
   * Answers what was heard.
   */
  async function takeThrough(t: TestContext, wishes: Wishes): Promise<string[]> {
    const { phone, pap } = await callerWishing(t, wishes);
    const call = await phone.call('*89');
    assert.ok(await call.untilHeard('enter-pin-6', PROMPT_MS), 'the PIN is asked for');
    await call.press(`${wrongPap(pap)}#`);
    assert.ok(await call.untilHeard('tries-left-2', PROMPT_MS), 'it is told how many tries are left');
    await call.press(`${pap}#`);
    assert.ok(await call.untilHeard('authenticated', PROMPT_MS), 'success is announced');
    await call.hangUp();
    return call.heard.filter((name, index) => index === 0 || !name.endsWith('/enter-pin-6'));
  }

  const LANGUAGES: [language: string, wishes: Wishes][] = [
    ['en', { device: 'en-US', site: 'de', tenant: 'fr' }],
    ['de', { device: 'hu', site: 'de-AT', tenant: 'en' }],
    ['es', { tenant: 'es-MX' }],
    ['fr', { site: 'fr_CA', tenant: 'it' }],
    ['it', { device: 'ita' }],
    ['pl', {}],
  ];
  for (const [language, wishes] of LANGUAGES) {
    it(`speaks ${language} where ${JSON.stringify(wishes)} is wished and ${INSTALLATION} else`, async (t) => {
      const said = ['enter-pin-6', 'pin-incorrect', 'tries-left-2', 'authenticated'];
      const heard = said.map((name) => `${language}/${name}`);
      assert.deepEqual(await takeThrough(t, wishes), heard);
    });
  }

  it('plays the operator’s own recordings, and ours where the media server has not got them', async (t) => {
    const { phone, pap } = await callerWishing(t, {});
    const call = await phone.call(`*89*${pap}`);
    await call.ended;
    assert.deepEqual(call.heard, ['pl/authenticated', 'pl/own-goodbye']);
    const logged = (text: string): boolean =>
      service.log
        .split('\n')
        .some((line) => line.includes(text) && line.includes(join(folder, 'prompts/pl')));
    assert.ok(logged('goodby.wav: there is no prompt of this name (goodbye?)'));
    await until(() => logged('does not find a prompt'));
  });

  it('speaks a language of the operator’s own, and English where that has no words', async (t) => {
    const said = ['nl/enter-pin-6', 'en/pin-incorrect', 'en/tries-left-2', 'en/authenticated'];
    assert.deepEqual(await takeThrough(t, { site: 'nl-BE' }), said);
  });
});
