import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainServiceLine, serviceLine } from '../../../src/vendors/service-line.js';
import { aMinimalView } from './views.js';

const minimal = aMinimalView();
const over = (transport: 'udp' | 'tcp' | 'tls'): typeof minimal => {
  const port = transport === 'tls' ? 5061 : 5060;
  return { ...minimal, account: { ...minimal.account, transport, port, plainPort: 5060 } };
};

describe('a phone that speaks no TLS', () => {
  test('is told UDP, and its port, where others are told TLS', () => {
    const { transport, port } = serviceLine(over('tls'));
    assert.deepEqual([transport, port], ['tls', 5061]);
    const plain = plainServiceLine(over('tls'));
    assert.deepEqual([plain.transport, plain.port], ['udp', 5060]);
  });

  test('is told what others are told otherwise', () => {
    for (const transport of ['udp', 'tcp'] as const) {
      assert.deepEqual(plainServiceLine(over(transport)), serviceLine(over(transport)));
    }
  });
});
