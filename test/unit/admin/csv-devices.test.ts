import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDeviceFile } from '../../../src/admin/csv/device-lines.js';
import { Problem } from '../../../src/http/problem.js';
import type { ImportLine } from '../../../src/services/devices/import-lines.js';

const TENANT = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const MAC = '80:5e:c0:11:22:33';

const read = (text: string, tenantId: string | null = TENANT): ImportLine[] => [
  ...readDeviceFile(text, tenantId).lines(),
];

/** What is wrong with the only line below the heading. */
function faultOf(line: string, heading = 'mac,vendor,model,site,label') {
  const [item, ...others] = read(`${heading}\n${line}\n`);
  assert.deepEqual(others, []);
  assert.equal(item?.kind, 'unreadable', line);
  return item;
}

function problemOf(text: string, tenantId: string | null = TENANT): Problem {
  try {
    readDeviceFile(text, tenantId);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the heading was taken');
}

const device = {
  kind: 'device',
  line: 2,
  mac: MAC,
  vendor: 'yealink',
  model: null,
  label: null,
  serialNumber: null,
  language: null,
  tenantId: TENANT,
  siteName: null,
  settings: null,
  accounts: [],
};

describe('a file of devices', () => {
  it('has its columns in any order, in any case, with blanks around and others between', () => {
    const text =
      ' LABEL , notes,Site,"Vendor",mac,Model, PAP \nDesk,x,Berlin, Yealink ,805EC0112233,T46U,123456\n';
    const file = readDeviceFile(text, TENANT);
    assert.deepEqual(file.ignoredColumns, ['notes', 'PAP']);
    assert.deepEqual([...file.lines()], [{ ...device, label: 'Desk', siteName: 'Berlin', model: 'T46U' }]);
  });

  it('takes semicolons where the heading has more of them outside its quotes', () => {
    assert.deepEqual(read(`mac;"a,b,c";vendor\n${MAC};"1,5";SNOM`), [{ ...device, vendor: 'snom' }]);
    assert.deepEqual(read(`mac,"a;b;c",vendor\n${MAC},"1;5",SNOM`), [{ ...device, vendor: 'snom' }]);
  });

  it('takes an empty cell, or none but the two that it needs, for nothing', () => {
    assert.deepEqual(read(`mac,vendor\n${MAC},yealink`), [device]);
    assert.deepEqual(read(`mac,vendor,model,site,label\n${MAC},yealink,,"", \n`), [device]);
  });

  it('may have empty lines, as spreadsheets leave them', () => {
    assert.deepEqual(read(`mac,vendor\n\n,\n ,""\n${MAC},yealink\n\n`), [{ ...device, line: 5 }]);
  });

  it('takes off the apostrophe that keeps a spreadsheet from calculating', () => {
    assert.deepEqual(read(`mac,vendor,label\n${MAC},yealink,'=1+1`), [{ ...device, label: '=1+1' }]);
  });

  it('may have a line of Excel before its heading that names the delimiter', () => {
    const cells = [MAC, 'yealink', '1,5;x'];
    for (const [first, delimiter] of [
      ['sep=;', ';'],
      ['sep=,', ','],
      ['SEP=\t', '\t'],
      ['"sep=|"', '|'],
      ['sep=;;;', ';'],
    ] as const) {
      const quoted = cells.map((cell) => `"${cell}"`).join(delimiter);
      const text = `${first}\nmac${delimiter}vendor${delimiter}label\n${quoted}\n`;
      assert.deepEqual(read(text), [{ ...device, line: 3, label: '1,5;x' }], first);
    }
    const problem = problemOf('sep=;\nvendor\n');
    assert.deepEqual(
      problem.errors.map((error) => 'line' in error && error.line),
      [2],
    );
  });

  it('has the further lines of a device in rows that have nothing else of it', () => {
    const heading = 'mac,vendor,label,sipUser,password,registrar,transport,displayName,provisioningCode';
    const account = {
      sipUser: '101',
      password: "'=p",
      registrar: 'pbx.example',
      authUser: null,
      displayName: 'Anna',
      transport: 'tls',
      provisioningCode: '4711',
    };
    const other = { ...account, sipUser: '102', displayName: null, transport: null, provisioningCode: null };
    const lines = read(
      [
        heading,
        `${MAC},yealink,Hall,101,'=p,pbx.example,TLS,Anna,4711`,
        `80-5E-C0-11-22-33,,,102,'=p,pbx.example,,,`,
        `${MAC},yealink,,103,p,pbx.example,,,`,
        `805ec0112233,,,104,,,,,`,
        `805ec0112234,,,105,p,pbx.example,,,`,
      ].join('\n'),
    );
    assert.deepEqual(lines.slice(0, 2), [
      { ...device, label: 'Hall', accounts: [{ line: 2, suffix: '', account }] },
      { kind: 'further', line: 3, mac: MAC, accounts: [{ line: 3, suffix: '', account: other }] },
    ]);
    assert.deepEqual(
      lines.slice(2).map((line) => [line.kind, line.line, line.kind === 'unreadable' && line.column]),
      [
        ['device', 4, false],
        ['unreadable', 5, 'registrar'],
        ['unreadable', 6, 'vendor'],
      ],
    );
    assert.ok(lines[3]?.kind === 'unreadable' && lines[3].isFurther);
  });

  it('has several lines of a device in one row, in columns with numbers', () => {
    const heading =
      'mac,vendor,sipUser2,registrar2,password 2,SipUser1,registrar_1,password,sipUser-10,registrar10,sipUser51';
    const account = {
      sipUser: '101',
      password: 'p1',
      registrar: 'pbx.example',
      authUser: null,
      displayName: null,
      transport: null,
      provisioningCode: null,
    };
    const second = { ...account, sipUser: '102', password: 'p2' };
    const tenth = { ...account, sipUser: '110', password: null };
    const row = `${MAC},yealink,102,pbx.example,p2,101,pbx.example,p1,110,pbx.example,x`;
    assert.deepEqual(readDeviceFile(`${heading}\n`, TENANT).ignoredColumns, ['sipUser51']);
    const lines = read(
      `${heading}\n${row}\n${MAC},,103,pbx.example,p2,,,,,,\n${MAC},,,,,104,pbx.example,,105,,\n`,
    );
    assert.deepEqual(lines.slice(0, 2), [
      {
        ...device,
        accounts: [
          { line: 2, suffix: '', account },
          { line: 2, suffix: '2', account: second },
          { line: 2, suffix: '10', account: tenth },
        ],
      },
      {
        kind: 'further',
        line: 3,
        mac: MAC,
        accounts: [{ line: 3, suffix: '2', account: { ...second, sipUser: '103' } }],
      },
    ]);
    assert.ok(lines[2]?.kind === 'unreadable');
    assert.deepEqual([lines[2].column, lines[2].message], ['registrar10', 'is required']);
    const [twice] = problemOf('mac,vendor,sipUser,sipUser1\n').errors;
    assert.deepEqual(twice && 'column' in twice && twice.column, 'sipUser');
  });

  it('has settings as JSON, checked as those of the API are', () => {
    const of = (settings: string) => `${MAC},yealink,"${settings.replaceAll('"', '""')}"`;
    const heading = 'mac,vendor,settings';
    assert.deepEqual(read(`${heading}\n${of('{"srtp":"off","ntpServer":null}')}`), [
      { ...device, settings: { srtp: 'off', ntpServer: null } },
    ]);
    for (const [settings, message] of [
      ['{"srtp":', 'must be JSON such as {"srtp": "optional"}'],
      ['{"srtp":"perhaps"}', /^\/srtp /],
      ['{"colour":"red"}', /colour/],
      ['[]', /./],
    ] as const) {
      const fault = faultOf(of(settings), heading);
      assert.equal(fault.column, 'settings');
      if (typeof message === 'string') assert.equal(fault.message, message);
      else assert.match(fault.message, message);
    }
  });

  it('says in a column whose each device is, unless the request does', () => {
    const text = `mac,vendor,TenantID\n${MAC},yealink, ${OTHER.toUpperCase()} `;
    assert.deepEqual(read(text, null), [{ ...device, tenantId: OTHER }]);
    assert.deepEqual(read(text), [device]);
    assert.deepEqual(readDeviceFile(text, TENANT).ignoredColumns, ['TenantID']);
    assert.equal(problemOf(`mac,vendor\n${MAC},yealink`, null).status, 422);
    const [faulty] = read(`mac,vendor,tenantId\n${MAC},yealink,x`, null);
    assert.equal(faulty?.kind === 'unreadable' && faulty.column, 'tenantId');
  });

  it('needs a heading with mac and vendor, and no column twice', () => {
    for (const text of [
      '',
      '\n',
      'vendor\n',
      'mac\n',
      'mac,vendor,MAC\n',
      '"mac,vendor\n',
      'mac"x,vendor\n',
      `${MAC},yealink\n`,
    ]) {
      const problem = problemOf(text);
      assert.equal(problem.status, 422, text);
      assert.equal(problem.errors.length, 1, text);
    }
    assert.match(problemOf('vendor\n').detail, /mac is missing/);
    assert.match(problemOf('mac,vendor,MAC\n').detail, /mac is there twice/);
  });
});

describe('a bad line of a file of devices', () => {
  it('is told with its column and what is wrong', () => {
    for (const [line, column, message] of [
      [',yealink,,,', 'mac', /^is required$/],
      ['80:5e:c0:11:22,yealink,,,', 'mac', /^must be the MAC address/],
      ['01:00:5e:00:00:01,yealink,,,', 'mac', /^must be the MAC address/],
      [`${MAC},,,,`, 'vendor', /^is required$/],
      [`${MAC},acme,,,`, 'vendor', /^must be one of yealink, .*fanvil$/],
      [`${MAC},yealink,${'x'.repeat(101)},,`, 'model', /100 characters/],
      [`${MAC},yealink,,,${'x'.repeat(201)}`, 'label', /200 characters/],
      [`${MAC},yealink,,,a\0b`, 'label', /control characters/],
      [`${MAC},yealink,,a\0b,`, 'site', /control characters/],
      [`${MAC}\0,yealink,,,`, 'mac', /^must be the MAC address/],
      [`${MAC},yealink,,,5"`, 'label', /put the whole cell into quotes/],
      [`${MAC},yealink,,,"5"x`, 'label', /after its closing quote/],
      [`${MAC},yealink,,,"5`, 'label', /not closed/],
      [`${MAC},yealink`, null, /^has 2 cells, the first line has 5$/],
      [`${MAC},yealink,,,,`, null, /^has 6 cells, the first line has 5$/],
      ['x'.repeat(2 * 2 ** 20), null, /^has more than 65536 characters$/],
    ] as const) {
      const fault = faultOf(line);
      assert.equal(fault.line, 2);
      assert.equal(fault.column, column, line.slice(0, 80));
      assert.match(fault.message, message);
    }
  });

  it('is told once, with all that is wrong', () => {
    const fault = faultOf('x,acme,,,');
    assert.equal(fault.column, 'mac');
    assert.match(fault.message, /^must be the MAC address .*; vendor must be one of /);
  });

  it('keeps its MAC where that can be read, for a later line that has it too', () => {
    assert.equal(faultOf(`${MAC},acme,,,`).mac, MAC);
    assert.equal(faultOf(MAC).mac, MAC);
    assert.equal(faultOf('x,acme,,,').mac, null);
  });

  it('says how far it goes when its quotes reach into other lines', () => {
    const fault = faultOf(`${MAC},yealink,,,"a\nb\nc"`);
    assert.equal(fault.column, 'label');
    assert.match(fault.message, /control characters.* \(its quotes reach to line 4\)$/);
  });

  it('says so when a spreadsheet has shortened what it took for a number', () => {
    const heading = 'mac,vendor,sipUser,registrar,password,serialNumber,provisioningCode2';
    for (const [cells, column] of [
      ['4.91E+12,pbx.example,p,,', 'sipUser'],
      ['"4,91234E+11",pbx.example,p,,', 'sipUser'],
      ['101,pbx.example,1E+15,,', 'password'],
      [',,,8.1E+11,', 'serialNumber'],
    ]) {
      const fault = faultOf(`${MAC},yealink,${cells}`, heading);
      assert.equal(fault.column, column);
      assert.match(fault.message, /^was shortened by a spreadsheet/);
    }
    const [read1] = read(`${heading}\n${MAC},yealink,1E5,pbx.example,E+1,1.5E+,\n`);
    assert.equal(read1?.kind, 'device');
  });

  it('says so when a spreadsheet has made a number of the MAC', () => {
    for (const mac of ['1122334455', '8,05E+11', '8.05E11']) {
      assert.match(faultOf(`"${mac}",yealink,,,`).message, /spreadsheet/, mac);
    }
    assert.doesNotMatch(faultOf('hello,yealink,,,').message, /spreadsheet/);
  });
});
