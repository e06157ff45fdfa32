/** The REST API as an administrator's program uses it. */
import { randomBytes } from 'node:crypto';
import type { VendorId } from '../../src/domain/vendor-id.js';

export interface Answer {
  status: number;
  headers: Headers;
  // The shape is what tests are about; they look at single fields.
  body: any;
}

export class AdminApi {
  constructor(
    readonly adminUrl: string,
    private readonly key: string,
  ) {}

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.adminUrl}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  get = (path: string) => this.call('GET', path);
  post = (path: string, body?: unknown) => this.call('POST', path, body);
  patch = (path: string, body: unknown) => this.call('PATCH', path, body);
  delete = (path: string) => this.call('DELETE', path);

  /** The object that a call answers; throws when it was not answered with one. */
  async need(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A tenant with a line and a device that has it: what nearly every story begins with. */
  async createPhone(options: PhoneOptions = {}): Promise<CreatedPhone> {
    const { policy = {}, vendor = 'yealink', macHex = randomMacHex(vendor), tenant = {} } = options;
    const { id: tenantId } = await this.need('POST', '/tenants', { name: 'Example Ltd', policy, ...tenant });
    const line = {
      label: '201 Anna',
      sipUser: `k${randomBytes(3).toString('hex')}`,
      password: randomBytes(9).toString('hex'),
      registrar: 'pbx.example',
    };
    const { id: lineId } = await this.need('POST', `/tenants/${tenantId}/lines`, line);
    const device = await this.need('POST', '/devices', {
      mac: macHex,
      vendor,
      tenantId,
      lines: [lineId],
      ...options.device,
    });
    return { macHex, tenantId, line, pap: device.pap, device };
  }

  /** With its PAP. */
  device = (macHex: string) => this.need('GET', `/devices/${macHex}?reveal=pap`);

  /** The events of a device, oldest first. */
  async events(macHex: string, type?: string): Promise<any[]> {
    const query = new URLSearchParams({ mac: macHex, limit: '500', ...(type !== undefined && { type }) });
    return (await this.need('GET', `/events?${query.toString()}`)).items;
  }
}

export interface PhoneOptions {
  policy?: Record<string, unknown>;
  vendor?: VendorId;
  macHex?: string;
  /** Further fields of the tenant and of the device. */
  tenant?: Record<string, unknown>;
  device?: Record<string, unknown>;
}

export interface CreatedPhone {
  macHex: string;
  tenantId: string;
  line: { label: string; sipUser: string; password: string; registrar: string };
  pap: string;
  device: any;
}

/** A MAC of that vendor which no other test uses. */
export function randomMacHex(vendor: VendorId = 'yealink'): string {
  return MAKERS[vendor] + randomBytes(3).toString('hex');
}

const MAKERS: Record<VendorId, string> = {
  yealink: '805ec0',
  cisco: '000e08',
  patton: '00a0ba',
  snom: '000413',
  poly: '0004f2',
  panasonic: '0080f0',
  gigaset: '7c2f80',
  grandstream: '000b82',
  fanvil: '0c383e',
};

/** Another PAP of the same length; `step` picks one of nine. */
export function wrongPap(pap: string, step = 1): string {
  return pap.replace(/\d$/, (last) => String((Number(last) + step) % 10));
}

/** The ids of the lines that a device's answer names, in its order. */
export function lineIds({ lines }: { lines: readonly { id: string }[] }): string[] {
  return lines.map(({ id }) => id);
}
