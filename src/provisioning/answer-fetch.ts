import { renderConfiguration } from '../configuration/render.js';
import { fetchConfiguration, previewConfiguration } from '../services/fetch/fetch-configuration.js';
import type { ServedConfiguration } from '../services/fetch/fetch-decision.js';
import { networkUse } from '../services/networks/network-extension.js';
import { macOfFile, macOfUserAgent } from '../vendors/index.js';
import type { UserAgentFacts } from '../vendors/vendor.js';
import {
  type Answer,
  documentAnswer,
  NOT_FOUND,
  prepareDocument,
  type PreparedDocument,
  tooManyFetches,
} from './answer.js';
import { answerCommon } from './common-file.js';
import type { FetchContext, FetchRequest } from './fetch-context.js';
import { fetchEvents } from './fetch-events.js';
import { findAskedDevice, type FoundDevice } from './find-device.js';
import { type OtherMacs, otherMacs } from './other-macs.js';
import { maskTarget, type ProvisioningTarget, readTarget } from './request-target.js';
import { padTiming } from './timing-padding.js';

/** What the access log says of a fetch beside the request and the answer. */
export interface FetchTrace {
  /** The target without what may be a token. */
  path: string;
  served?: 'minimal' | 'full' | 'boot' | 'common';
  reason?: string;
  /** It names another MAC beside the one of its device. */
  otherMac?: true;
}

export interface AnsweredFetch {
  answer: Answer;
  trace: FetchTrace;
}

/**
 * Answers a phone that fetches a file; null for every request that is not such a fetch. A file that
 * does not exist is always the same 404 and takes as long: for an unknown MAC, a malformed one, a
 * file of another vendor family than the device's.
 */
export async function answerFetch(
  context: FetchContext,
  request: FetchRequest,
): Promise<AnsweredFetch | null> {
  const startedAt = performance.now();
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const target = readTarget(request.target, context.publicPath);
  if (target === null) return null;
  const { answer, trace, isHeld } = await answerFile(context, request, target);
  const { status } = answer;
  await padTiming({ status, isHeld }, context.installation.unknownDevices, startedAt);
  return { answer, trace: { path: maskTarget(request.target, target), ...trace } };
}

type Answered = { answer: Answer; trace: Omit<FetchTrace, 'path'> };

const NOTHING: Answered = { answer: NOT_FOUND, trace: {} };

async function answerFile(
  context: FetchContext,
  request: FetchRequest,
  target: ProvisioningTarget,
): Promise<Answered & { isHeld: boolean }> {
  const mac = macOfFile(target.file);
  if (mac === null) {
    const common = answerCommon(target, request, context.installation.publicUrl);
    return {
      ...(common === null ? NOTHING : { answer: common, trace: { served: 'common' } }),
      isHeld: false,
    };
  }
  const found = await findAskedDevice(context, request, target, mac);
  if (found.kind === 'throttled') {
    const answer = tooManyFetches(found.retryAfterSeconds);
    return { answer, trace: { reason: 'throttled' }, isHeld: false };
  }
  if (found.kind === 'none') return { ...NOTHING, isHeld: false };
  const { facts, finding, role } = found.device;
  if (request.client.ignoredHeader) await context.forwarding.report(facts, request.client);

  const { vendor } = found.device;
  const userAgent = vendor.recogniseUserAgent(request.userAgent ?? '');
  // A phone of another make speaks of itself as well.
  const agentMac = userAgent === null ? macOfUserAgent(request.userAgent ?? '') : userAgent.mac;
  const others = otherMacs(vendor, target.file, agentMac, request.certificateSubject, facts.mac);
  const { address } = request.client;
  const isContradictory = others !== null;
  const phone: AskingPhone = { ...found.device, address, userAgent, others, isContradictory };
  const answered =
    role === 'boot'
      ? answerBoot(context, phone, request)
      : await answerConfiguration(context, phone, request);
  return { ...(answered ?? NOTHING), isHeld: finding.kind === 'held' };
}

export interface AskingPhone extends FoundDevice {
  address: string | null;
  userAgent: UserAgentFacts | null;
  others: OtherMacs | null;
  isContradictory: boolean;
}

function answerBoot(context: FetchContext, phone: AskingPhone, request: FetchRequest): Answered | null {
  const { facts, vendor } = phone;
  if (vendor.renderBoot === null) return null;
  note(context, phone, null, false);
  const document = prepareDocument(vendor.renderBoot(facts.mac));
  const answer = documentAnswer(document, 'private, no-cache', request.ifNoneMatch);
  return { answer, trace: { served: 'boot' } };
}

async function answerConfiguration(
  context: FetchContext,
  phone: AskingPhone,
  request: FetchRequest,
): Promise<Answered | null> {
  const { facts, others } = phone;
  const isFetch = request.method === 'GET';
  const written = isFetch ? await fetchConfiguration(context, phone) : null;
  // A decoy may have been evicted meanwhile; its preview is the same configuration.
  const isShown = !isFetch || facts.kind === 'decoy';
  const served = written ?? (isShown ? previewConfiguration(context, phone) : null);
  if (served === null) return null;

  const model = facts.model ?? phone.userAgent?.model ?? null;
  const answer = renderAnswer(context, phone, served, model, request);
  if (isFetch) note(context, phone, served, answer.status === 200);
  const other = others === null ? {} : { otherMac: true as const };
  return { answer, trace: { served: served.kind, reason: served.reason, ...other } };
}

function renderAnswer(
  context: FetchContext,
  { facts, vendor }: AskingPhone,
  served: ServedConfiguration,
  model: string | null,
  request: FetchRequest,
): Answer {
  const render = (): PreparedDocument =>
    prepareDocument(renderConfiguration(context, { facts, vendor, model }, served));
  const isLasting = served.kind === 'full' && context.lookups.areCached(facts);
  const document = isLasting ? context.documents.of(facts, model, render) : render();
  if (!served.isNewToken) return documentAnswer(document, 'private, no-cache', request.ifNoneMatch);
  const answer = documentAnswer(document, 'no-store', null);
  if (request.method === 'GET') return answer;
  // The bytes of the next answer will differ, so an ETag of these would never match.
  const { ETag: _, ...headers } = answer.headers;
  return { ...answer, headers };
}

function note(
  context: FetchContext,
  phone: AskingPhone,
  served: ServedConfiguration | null,
  isSent: boolean,
): void {
  const { facts, address, finding } = phone;
  const now = context.clock.now();
  const isConfiguration = served !== null;
  // A mismatching request does not count as the phone's return.
  const isIts = isConfiguration && served.reason !== 'mismatch';
  const held = finding.kind === 'held' ? finding.token.id : null;
  const own = finding.kind === 'held' ? finding.token.id : finding.endedId;
  context.notes.add({
    seen: {
      deviceId: facts.deviceId,
      at: now,
      address,
      provisionedAt: isConfiguration ? now : null,
      minimalAt: served?.kind === 'minimal' ? now : null,
      fullAt: served?.kind === 'full' ? now : null,
      holdsFull: holdsFull(served),
    },
    // The policy's `inactiveSeconds` counts from the last configuration fetch that was decided on.
    heldTokenId: isIts ? held : null,
    answeredTokenId: isIts && facts.awaited ? own : null,
    network: isConfiguration ? networkUse(facts, served, address, now) : null,
    events: isConfiguration && facts.kind !== 'decoy' ? fetchEvents(phone, served, isSent, now) : [],
  });
}

/**
 * Whether the phone of the device holds its full configuration after this. A minimal one beside a
 * phone that has proved itself went to another client, or to that phone without its token: which,
 * is not known.
 */
function holdsFull(served: ServedConfiguration | null): boolean | null {
  if (served === null || served.reason === 'successful' || served.reason === 'mismatch') return null;
  return served.kind === 'full';
}
