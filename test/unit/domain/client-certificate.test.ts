import assert from 'node:assert/strict';
import { test } from 'node:test';
import { macsOfSubject } from '../../../src/domain/client-certificate.js';

test('the subject of a factory certificate names its phone, wherever the maker has put the MAC', () => {
  const subjects: Record<string, string[]> = {
    'CN=805EC0112233': ['80:5e:c0:11:22:33'],
    'CN=00:15:65:aa:bb:cc,OU=Yealink,O=Yealink,C=CN': ['00:15:65:aa:bb:cc'],
    '/C=US/O=Cisco/CN=SPA122, MAC: 88F077AABBCC, Serial: CCQ17000001': ['88:f0:77:aa:bb:cc'],
    'CN=64-16-7f-01-02-03+serialNumber=123456789012': ['64:16:7f:01:02:03', '12:34:56:78:90:12'],
    // Cisco: the SPA provisioning guides have the MAC in S (OpenSSL: ST), and in L a serial number
    // that may look like one.
    'OU=SPA-962, L=88012BA01234, S=000e08abcdef': ['00:0e:08:ab:cd:ef'],
    '/OU=CP-8841-3PCC/L=88012BA01234/ST=000e08abcdef': ['00:0e:08:ab:cd:ef'],
    'OU=cisco.com, L=ciscogeneric, S=ciscogeneric': [],
    'O=Cisco Systems Inc.,OU=EVVBU,CN=CP-8841-SEP805EC0112233': ['80:5e:c0:11:22:33'],
    'serialNumber=PID:CP-8841 SN:FCH2443D9R4,CN=CP-8841-SEP805ec0112233': ['80:5e:c0:11:22:33'],
    'CN=ATA805EC0112233': ['80:5e:c0:11:22:33'],
    'CN=SEP805EC0112233,OU=CAPF': ['80:5e:c0:11:22:33'],
    'CN=805e.c011.2233': ['80:5e:c0:11:22:33'],
    'CN=XSEP805EC0112233': [],
    'CN=ciscogeneric': [],
    'CN=4f2a805ec0112233': [],
    'CN=01005e000001': [],
    '': [],
    [`CN=805ec0112233${'x'.repeat(1_000)}`]: [],
  };
  for (const [subject, macs] of Object.entries(subjects))
    assert.deepEqual(macsOfSubject(subject), macs, subject);
});
