import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from '../../../src/admin/csv/text.js';
import { Problem } from '../../../src/http/problem.js';

function problemOf(body: Buffer): Problem {
  try {
    readText(body);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the text was read');
}

describe('the text of a CSV file', () => {
  it('has neither byte order mark nor carriage returns', () => {
    assert.equal(readText(Buffer.from('\ufeffa\r\nb\rc\nd')), 'a\nb\nc\nd');
    assert.equal(readText(Buffer.from('')), '');
    assert.equal(readText(Buffer.from('ä\ufeff')), 'ä\ufeff');
  });

  it('is refused when it is Latin-1, with line, column and the way out', () => {
    const problem = problemOf(
      Buffer.from('mac;label;model\r\n1;"a\r\nb";c\r\n2;"Büro; Süd";\r\n3;Café;', 'latin1'),
    );
    assert.equal(problem.status, 422);
    assert.deepEqual(problem.errors, [{ line: 4, column: 'label', message: 'is not UTF-8' }]);
    assert.match(problem.detail, /^Line 4, column label, is not UTF-8\. Save the file as UTF-8 .* Nothing/);
  });

  it('is refused with the line alone where there is no column', () => {
    for (const [text, line] of [
      ['Gerät,mac\n1,2', 1],
      ['mac\n1,ä', 2],
      ['mac\n"ä\n3', 2],
    ] as const) {
      assert.deepEqual(
        problemOf(Buffer.from(text, 'latin1')).errors,
        [{ line, column: null, message: 'is not UTF-8' }],
        text,
      );
    }
  });

  it('names the line in which the byte is, when a cell has several', () => {
    const problem = problemOf(Buffer.from('mac,label\n1,"a\nü"\n', 'latin1'));
    assert.deepEqual(problem.errors, [{ line: 3, column: 'label', message: 'is not UTF-8' }]);
  });

  it('is refused when it is UTF-16, with or without a byte order mark', () => {
    for (const text of ['\ufeffmac,vendor\n', 'mac,vendor\n']) {
      const little = Buffer.from(text, 'utf16le');
      for (const body of [little, Buffer.from(little).swap16()]) {
        const problem = problemOf(body);
        assert.equal(problem.status, 422);
        assert.match(problem.detail, /^Line 1 is not UTF-8/);
      }
    }
  });

  it('has a hundred thousand lines below its heading at the most', () => {
    const lines = 'heading\n' + 'x\n'.repeat(100_000);
    assert.equal(readText(Buffer.from(lines)), lines);
    assert.equal(problemOf(Buffer.from(`${lines}x`)).status, 413);
  });
});
