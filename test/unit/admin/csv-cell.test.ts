import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { guardCell, unguardCell } from '../../../src/admin/csv/text.js';

/** What cells are made of that somebody made to be misread. */
const hostile = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', "'", '＝', 'a', ' ') });

describe('a cell of a CSV file', () => {
  it('never begins with what a spreadsheet would carry out', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => {
        assert.doesNotMatch(guardCell(text), /^[=+\-@\t\r＝＋－＠]/);
      }),
    );
  });

  it('is again what it was once its apostrophe is taken off', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => {
        assert.equal(unguardCell(guardCell(text)), text);
      }),
    );
  });

  it('stays as it is where nothing could be carried out', () => {
    for (const text of ['', 'Desk 1', "'tis", 'a=1', ' =1', '80:5e:c0:11:22:33', '"=1"']) {
      assert.equal(guardCell(text), text);
      assert.equal(unguardCell(text), text);
    }
    assert.equal(guardCell('=1+1'), "'=1+1");
    assert.equal(guardCell("'=1+1"), "''=1+1");
  });
});
