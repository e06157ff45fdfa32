import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { type CsvRecord, MAX_RECORD_CHARACTERS, readRecords } from '../../../src/admin/csv/records.js';

const read = (text: string): CsvRecord[] => [...readRecords(text, ',')];

/** Line and cells of what can be read, line and cell of what cannot. */
const brief = (text: string) =>
  read(text).map((record) =>
    record.kind === 'cells' ? [record.line, record.cells] : [record.line, 'faulty', record.cell],
  );

describe('the lines of a CSV file', () => {
  it('are cells, quoted or not, with blanks around them taken away', () => {
    assert.deepEqual(brief('a, b ,"c, ""d"" " ,\n\n x\n'), [
      [1, ['a', 'b', 'c, "d" ', '']],
      [2, []],
      [3, ['x']],
    ]);
  });

  it('are counted as an editor counts them, line breaks in quotes too', () => {
    const records = read('a\n"b\n\nb",c\nd\n');
    assert.deepEqual(
      records.map(({ line, lastLine }) => [line, lastLine]),
      [
        [1, 1],
        [2, 4],
        [5, 5],
      ],
    );
    assert.deepEqual(records[1], { kind: 'cells', line: 2, lastLine: 4, cells: ['b\n\nb', 'c'] });
  });

  it('cost nothing but themselves when they are wrong', () => {
    for (const [wrong, cell] of [
      ['a,"b', 1],
      ['a,b",c', 1],
      ['a,b,"c"d', 2],
      ['"a" b,c', 0],
      ['a,5" phone', 1],
    ] as const) {
      assert.deepEqual(
        brief(`1,2\n${wrong}\n"3",4\n5,"6"\n`),
        [
          [1, ['1', '2']],
          [2, 'faulty', cell],
          [3, ['3', '4']],
          [4, ['5', '6']],
        ],
        wrong,
      );
      assert.deepEqual(brief(wrong), [[1, 'faulty', cell]], `${wrong} at the end`);
    }
  });

  it('do not quote in their error what is in them', () => {
    for (const record of read('a,secret"1\n"secret"2\n"secret')) {
      assert.equal(record.kind, 'faulty');
      assert.doesNotMatch(record.kind === 'faulty' ? record.message : '', /secret/);
    }
  });

  it('may be long, but not endless', () => {
    const long = 'x'.repeat(MAX_RECORD_CHARACTERS);
    assert.deepEqual(brief(`${long}\na`), [
      [1, [long]],
      [2, ['a']],
    ]);
    assert.deepEqual(brief(`${long}x\na`), [
      [1, 'faulty', null],
      [2, ['a']],
    ]);
    const openForTooLong = `"${'x\n'.repeat(MAX_RECORD_CHARACTERS)}"`;
    assert.deepEqual(brief(openForTooLong).slice(0, 2), [
      [1, 'faulty', 0],
      [2, ['x']],
    ]);
  });

  it('are read in a moment, whatever is wrong with them', () => {
    for (const line of ['"', '"a""', 'a,b', '"a\n""', '"""', '"'.repeat(60_001), 'a"', '\n']) {
      const file = `${line}\n`.repeat(Math.min(30_000, 4_000_000 / line.length));
      const before = process.cpuUsage();
      let last = 0;
      for (const { lastLine } of readRecords(file, ',')) last = lastLine;
      const seconds = process.cpuUsage(before).user / 1e6;
      assert.ok(last > 0);
      assert.ok(seconds < 10, `${JSON.stringify(line.slice(0, 10))} took ${seconds} s`);
    }
  });

  it('are read without a fault of ours, whatever they are', () => {
    const unit = fc.constantFrom('"', ',', '\n', ' ', 'a', '\0', 'ä', '\u00a0');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const records = read(text);
        const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
        assert.equal(records.at(-1)?.lastLine ?? 0, lines);
        let next = 1;
        for (const { line, lastLine } of records) {
          assert.equal(line, next);
          next = lastLine + 1;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
