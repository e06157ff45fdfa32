import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareDocument } from '../../../src/provisioning/answer.js';
import { RenderedDocuments } from '../../../src/provisioning/rendered-documents.js';
import type { FetchFacts } from '../../../src/store/fetch-lookup.js';
import { TestClock } from '../../support/clock.js';

test('a document is rendered again when a clock may have been changed since', () => {
  const clock = new TestClock();
  const documents = new RenderedDocuments(clock);
  const facts = {} as FetchFacts;
  let rendered = 0;
  const ask = (model: string | null): number => {
    documents.of(facts, model, () => {
      rendered += 1;
      return prepareDocument({ contentType: 'text/plain', body: `${rendered}` });
    });
    return rendered;
  };
  assert.equal(ask(null), 1);
  assert.equal(ask(null), 1);
  assert.equal(ask('T46U'), 2);
  clock.advance(15 * 60);
  assert.equal(ask('T46U'), 3);
});
