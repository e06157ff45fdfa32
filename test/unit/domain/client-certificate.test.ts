import assert from 'node:assert/strict';
import { test } from 'node:test';
import { macsOfSubject } from '../../../src/domain/client-certificate.js';

test('the subject of a factory certificate names its phone, wherever the maker has put the MAC', () => {
  const subjects: Record<string, string[]> = {
    'CN=805EC0112233': ['80:5e:c0:11:22:33'],
    'CN=00:15:65:aa:bb:cc,OU=Yealink,O=Yealink,C=CN': ['00:15:65:aa:bb:cc'],
    '/C=US/O=Cisco/CN=SPA122, MAC: 88F077AABBCC, Serial: CCQ17000001': ['88:f0:77:aa:bb:cc'],
    'CN=64-16-7f-01-02-03+serialNumber=123456789012': ['64:16:7f:01:02:03', '12:34:56:78:90:12'],
    'CN=ciscogeneric': [],
    'CN=4f2a805ec0112233': [],
    'CN=01005e000001': [],
    '': [],
    [`CN=805ec0112233${'x'.repeat(1_000)}`]: [],
  };
  for (const [subject, macs] of Object.entries(subjects))
    assert.deepEqual(macsOfSubject(subject), macs, subject);
});
