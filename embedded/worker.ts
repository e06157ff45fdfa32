/**
 * The thread in which the engines run, so that media keeps its 20 ms pace whatever the rest of the
 * process does.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import { getHeapStatistics } from 'node:v8';

import { startDrachtio } from './drachtio/server.js';
import type { TlsIdentity } from '../telephony/sip/stream-kind.js';
import type {
  HeldByEngines,
  ParentMessage,
  StartedPorts,
  ThreadMessage,
  ThreadOptions,
} from './engine-messages.js';
import { startFreeswitch } from './freeswitch/server.js';
import { ListenError } from './listen-error.js';
import { atLevel, type EngineLog } from './log.js';

interface Started {
  readonly ports: StartedPorts;
  readonly renewTls: (identity: TlsIdentity) => void;
  readonly protect: (numbers: readonly string[] | undefined) => void;
  readonly held: () => HeldByEngines;
  readonly close: () => Promise<void>;
}

const clock = { now: () => new Date() };

async function startAll({ drachtio, freeswitch }: ThreadOptions, log: EngineLog): Promise<Started> {
  const sip = drachtio && (await startDrachtio({ ...drachtio, log, clock }));
  try {
    const media = freeswitch && (await startFreeswitch({ ...freeswitch, log, clock }));
    return {
      ports: {
        drachtio: sip && {
          adminHost: sip.adminHost,
          adminPort: sip.adminPort,
          sipPort: sip.sipPort,
          tlsPort: sip.tlsPort,
        },
        freeswitch: media && { eslPort: media.eslPort, sipPort: media.sipPort },
      },
      renewTls: (identity) => sip?.renewTls(identity),
      protect: (numbers) => sip?.protect(numbers),
      held: () => {
        globalThis.gc?.();
        return { sip: sip?.held(), media: media?.held(), heapBytes: getHeapStatistics().used_heap_size };
      },
      close: async () => {
        await Promise.allSettled([sip?.close(), media?.close()]);
      },
    };
  } catch (error) {
    await sip?.close();
    throw error;
  }
}

async function run(port: MessagePort, options: ThreadOptions): Promise<void> {
  const tell = (message: ThreadMessage): void => port.postMessage(message);
  const log = atLevel(options.logLevel, (level, text, fields = {}) =>
    tell({ kind: 'log', level, text, fields }),
  );
  try {
    const started = await startAll(options, log);
    port.on('message', (message: ParentMessage) => {
      switch (message.kind) {
        case 'stop':
          // The thread ends by itself when its last port is closed; whatever would hold it back,
          // the parent ends.
          return void started.close().finally(() => port.close());
        case 'renew-tls':
          return renew(started, message.identity, log);
        case 'protect':
          return started.protect(message.numbers);
        case 'tell-held':
          return tell({ kind: 'held', held: started.held() });
      }
    });
    tell({ kind: 'started', ports: started.ports });
  } catch (error) {
    if (error instanceof ListenError) tell({ kind: 'port-taken', failure: error.failure });
    else tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    port.close();
  }
}

function renew({ renewTls }: Started, identity: TlsIdentity, log: EngineLog): void {
  try {
    renewTls(identity);
    log('info', 'new certificate for SIP over TLS', {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('error', 'the new certificate for SIP over TLS cannot be used; the old one stays', { reason });
  }
}

if (parentPort !== null) await run(parentPort, workerData as ThreadOptions);
