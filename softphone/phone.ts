import { EventEmitter } from 'node:events';
import { Pacer } from '../telephony/media/pacer.js';
import { bindRtpSocket } from '../telephony/media/rtp-port-pool.js';
import { createResponse } from '../telephony/sip/message.js';
import type { ServerTransaction } from '../telephony/sip/transaction.js';
import { SipTransport } from '../telephony/sip/transport.js';
import { formatUri } from '../telephony/sip/uri.js';
import { UserAgent } from '../telephony/sip/user-agent.js';
import { PhoneCall } from './call.js';
import { FAMILIES, type FamilyName } from './families/index.js';
import { FileFetcher } from './file-fetcher.js';
import type { PhoneAccount, PhoneFamily, PhoneSetup, Settings } from './phone-setup.js';
import { PromptEar } from './prompt-ear.js';
import { RefreshTimer } from './refresh-timer.js';
import { Registration } from './registration.js';
import type { Trace } from './trace.js';

export interface SimulatedPhoneOptions {
  family: FamilyName;
  model?: string | undefined;
  /** Twelve hex digits. */
  macHex: string;
  /** What DHCP or a redirection service would tell a phone that was just unpacked. */
  provisioningUrl: string;
  localAddress?: string | undefined;
  /**
   * PEM of the roots by which it trusts a server that it calls by TLS; without, those that Node
   * trusts.
   */
  trustedRoots?: string | undefined;
  /** The folders of the prompts, for a phone that is to recognise what it hears. */
  promptsFolders?: readonly string[] | undefined;
  /**
   * How many times faster than time its refresh timer runs; without, it fetches only when it is
   * told.
   */
  refreshPace?: number | undefined;
  trace?: Trace | undefined;
}

/** What a phone tells those who wait for it. */
interface PhoneEvents {
  /** A NOTIFY with this event was answered. */
  notify: [string];
  /** A configuration was fetched and applied. */
  provisioned: [PhoneSetup];
  fault: [unknown];
}

/**
 * A simulated desk phone. It knows what is on its flash and what comes over the wire, and behaves
 * like its family: fetches, applies, registers, calls, keys, and fetches again when a NOTIFY says
 * so.
 */
export class SimulatedPhone extends EventEmitter<PhoneEvents> {
  readonly userAgent: UserAgent;
  setup: PhoneSetup | null = null;
  readonly #options: SimulatedPhoneOptions;
  readonly #family: PhoneFamily;
  readonly #trace: Trace;
  readonly #fetcher: FileFetcher;
  readonly #settings: Settings = new Map();
  readonly #pacer = new Pacer();
  readonly #transport: SipTransport;
  readonly #ear: PromptEar | null;
  readonly #calls = new Set<PhoneCall>();
  readonly #refresh: RefreshTimer;
  #baseUrl: string;
  #registration: Registration | undefined;
  #provisioning: Promise<boolean> = Promise.resolve(false);

  private constructor(options: SimulatedPhoneOptions, transport: SipTransport) {
    super();
    this.#options = options;
    this.#family = FAMILIES[options.family];
    this.#trace = options.trace ?? (() => undefined);
    this.#fetcher = new FileFetcher(
      this.#family.userAgent(this.model, options.macHex),
      this.#trace,
      options.localAddress ?? null,
    );
    this.#baseUrl = withSlash(options.provisioningUrl);
    this.#transport = transport;
    this.#ear = options.promptsFolders === undefined ? null : PromptEar.learn(options.promptsFolders);
    this.#refresh = new RefreshTimer(options.refreshPace ?? null, () => this.#provisionByItself());
    this.userAgent = new UserAgent({
      transport,
      product: this.#family.userAgent(this.model, options.macHex),
      contactUser: options.macHex,
      onRequest: (transaction) => this.#answer(transaction),
    });
  }

  /** Unpacks a phone and puts it on the network; it fetches nothing before `provision`. */
  static async plugIn(options: SimulatedPhoneOptions): Promise<SimulatedPhone> {
    const { localAddress: host = '127.0.0.1', trustedRoots } = options;
    const transport = await SipTransport.bind({
      host,
      port: 0,
      ...(trustedRoots === undefined ? {} : { tls: { trustedRoots } }),
    });
    return new SimulatedPhone(options, transport);
  }

  get model(): string {
    return this.#options.model ?? this.#family.defaultModel;
  }

  /** What it would lose in a factory reset, and where it fetches from. */
  get provisioningUrl(): string {
    return this.#baseUrl;
  }

  /**
   * Fetches its configuration and applies it. Answers false when the server had none; rejects when
   * it could not be asked.
   */
  provision(): Promise<boolean> {
    // One after the other: a phone that is told twice fetches twice.
    this.#provisioning = this.#provisioning
      .catch(() => false)
      .then(() => this.#provision())
      .finally(() => this.#refresh.restart(this.setup?.refreshSeconds ?? null));
    return this.#provisioning;
  }

  async #provision(): Promise<boolean> {
    const had = await this.#family.provision({
      macHex: this.#options.macHex,
      model: this.model,
      settings: this.#settings,
      fetch: (name) => this.#fetcher.fetch(new URL(name, this.#baseUrl).href),
    });
    if (had) await this.#apply(this.#family.setup(this.#settings));
    return had;
  }

  #provisionByItself(): void {
    this.provision().catch((error: unknown) => this.emit('fault', error));
  }

  async #apply(setup: PhoneSetup): Promise<void> {
    const before = this.setup?.accounts[0];
    this.setup = setup;
    this.#baseUrl = withSlash(setup.provisioningUrl ?? this.#baseUrl);
    this.#trace({ kind: 'display', text: setup.display });
    this.#trace({ kind: 'lines', users: setup.accounts.map((account) => account.user) });
    if (this.#registration !== undefined && before?.user !== setup.accounts[0]?.user) await this.unregister();
    this.emit('provisioned', setup);
  }

  /** Back to the state in which it was unpacked: no settings, no token. */
  async factoryReset(): Promise<void> {
    this.#refresh.restart(null);
    await this.unregister();
    this.#settings.clear();
    this.setup = null;
    this.#baseUrl = withSlash(this.#options.provisioningUrl);
  }

  /** Registers its first account and keeps it registered. Answers the final status. */
  async register(): Promise<number> {
    this.#registration ??= new Registration(this.userAgent, this.#account(), this.#trace);
    return this.#registration.start();
  }

  async unregister(): Promise<void> {
    const registration = this.#registration;
    this.#registration = undefined;
    await registration?.stop();
  }

  /** Calls with its first account. */
  async call(dialled: string): Promise<PhoneCall> {
    const account = this.#account();
    const socket = await bindRtpSocket(this.#options.localAddress ?? '127.0.0.1');
    const call = new PhoneCall({
      userAgent: this.userAgent,
      uri: addressOf(account, dialled),
      from: `"${account.label}" <${addressOf(account, account.user)}>`,
      credentials: { username: account.authUser, password: account.password },
      socket,
      pacer: this.#pacer,
      ear: this.#ear?.forCall() ?? null,
      trace: this.#trace,
    });
    this.#calls.add(call);
    void call.ended.then(() => this.#calls.delete(call));
    return call;
  }

  /** Pulls the plug, politely: calls are ended, nothing is left behind. */
  async unplug(): Promise<void> {
    this.#refresh.stop();
    await Promise.all([...this.#calls].map((call) => call.hangUp()));
    await this.unregister();
    await this.#provisioning.catch(() => false);
    this.userAgent.close();
    await this.#transport.close();
  }

  #account(): PhoneAccount {
    const account = this.setup?.accounts[0];
    if (account === undefined) throw new Error('The phone has no account: it has not been provisioned.');
    return account;
  }

  /**
   * A NOTIFY that asks for a fetch: answered at once, fetched once the line is idle. Everything
   * else: the UserAgent's usual answers.
   */
  #answer(transaction: ServerTransaction): void {
    const { request } = transaction;
    const event = request.headers.get('Event') ?? '';
    const expected = this.#family.resyncEvents ?? /^check-sync\b/i;
    if (request.method !== 'NOTIFY' || !expected.test(event)) {
      transaction.respond(createResponse(request, request.method === 'OPTIONS' ? 200 : 489));
      return;
    }
    this.#trace({
      kind: 'sip',
      direction: 'received',
      line: `NOTIFY ${request.uri}`,
      detail: `Event: ${event}`,
    });
    transaction.respond(createResponse(request, 200));
    this.emit('notify', event);
    this.#provisionByItself();
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function addressOf(account: PhoneAccount, user: string): string {
  const { host, port, transport } = account;
  const params = new Map(transport === 'udp' ? [] : [['transport', transport]]);
  return formatUri({ scheme: 'sip', user, host, port, params });
}
