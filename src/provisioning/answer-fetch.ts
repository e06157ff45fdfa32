import { canonicalAddress } from '../domain/address.js';
import { lookAt } from '../domain/authentication.js';
import { tokenIdOf } from '../domain/secrets.js';
import { phoneAt } from '../services/actors.js';
import type { ServiceContext } from '../services/context.js';
import { deviceEvent } from '../services/device-event.js';
import {
  fetchConfiguration,
  previewConfiguration,
  type ServedConfiguration,
} from '../services/fetch-configuration.js';
import type { FetchNotes } from '../services/fetch-notes.js';
import { findHeldToken, type TokenFinding } from '../services/fetch-token.js';
import { type FetchFacts, lookUpFetch } from '../store/fetch-lookup.js';
import { macOfFile, vendorOf } from '../vendors/index.js';
import type { DocumentRole, RequestedFile, Vendor } from '../vendors/vendor.js';
import { type Answer, documentAnswer, NOT_FOUND } from './answer.js';
import { maskTarget, readTarget } from './request-target.js';
import { fullView, minimalView } from './views.js';

/** A request as plain data. */
export interface FetchRequest {
  method: string;
  /** The request target as it came. */
  target: string;
  userAgent: string | undefined;
  ifNoneMatch: string | undefined;
  /** The address of the peer as the socket has it. */
  peer: string | undefined;
}

export interface FetchContext extends ServiceContext {
  notes: FetchNotes;
  /** The path of the public URL, without a slash at the end. */
  publicPath: string;
}

/** What the access log says of a fetch beside the request and the answer. */
export interface FetchTrace {
  /** The target without what may be a token. */
  path: string;
  served?: 'minimal' | 'full' | 'boot';
  reason?: string;
  /** The User-Agent names another MAC than the file does: not refused, for it can be forged either way, but worth a look. */
  otherMac?: true;
}

export interface AnsweredFetch {
  answer: Answer;
  trace: FetchTrace;
}

/**
 * Answers a phone that fetches a file; null for every request that is not such a fetch. Whatever we do not have is the same 404: a MAC that
 * nobody knows, one that is none, a file of another family than the device's.
 */
export async function answerFetch(
  context: FetchContext,
  request: FetchRequest,
): Promise<AnsweredFetch | null> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const target = readTarget(request.target, context.publicPath);
  if (target === null) return null;
  const trace = { path: maskTarget(request.target, target) };
  const notFound = { answer: NOT_FOUND, trace };
  const mac = macOfFile(target.file);
  if (mac === null) return notFound;

  await context.notes.room();
  const tokenId = target.presented === null ? null : tokenIdOf(target.presented);
  const facts = await lookUpFetch(context.store.db, mac, tokenId);
  const document = facts === null ? null : documentOf(facts, target.file);
  if (facts === null || document === null) return notFound;

  const phone: AskingPhone = {
    facts,
    vendor: document.vendor,
    address: request.peer === undefined ? null : canonicalAddress(request.peer),
    finding: findHeldToken(context.masterKey, facts, target.presented, context.clock.now()),
  };
  const answered =
    document.role === 'boot'
      ? answerBoot(context, phone, request)
      : await answerConfiguration(context, phone, request);
  return answered === null ? notFound : { ...answered, trace: { ...trace, ...answered.trace } };
}

interface AskingPhone {
  facts: FetchFacts;
  vendor: Vendor;
  address: string | null;
  finding: TokenFinding;
}

/** What the file is to the device's own family: several families have the same names. */
function documentOf(facts: FetchFacts, file: RequestedFile): { vendor: Vendor; role: DocumentRole } | null {
  const vendor = vendorOf(facts.vendor);
  const recognised = vendor?.recogniseFile(file) ?? null;
  if (vendor === null || recognised?.kind !== 'device' || recognised.mac !== facts.mac) return null;
  return { vendor, role: recognised.role };
}

type Answered = { answer: Answer; trace: Omit<FetchTrace, 'path'> };

function answerBoot(context: FetchContext, phone: AskingPhone, request: FetchRequest): Answered | null {
  const { facts, vendor } = phone;
  if (vendor.renderBoot === null) return null;
  note(context, phone, null, null);
  const answer = documentAnswer(vendor.renderBoot(facts.mac), 'private, no-cache', request.ifNoneMatch);
  return { answer, trace: { served: 'boot' } };
}

async function answerConfiguration(
  context: FetchContext,
  phone: AskingPhone,
  request: FetchRequest,
): Promise<Answered | null> {
  const { facts, vendor } = phone;
  const isFetch = request.method === 'GET';
  const served = isFetch ? await fetchConfiguration(context, phone) : previewConfiguration(context, phone);
  if (served === null) return null;

  const userAgent = vendor.recogniseUserAgent(request.userAgent ?? '');
  const model = facts.model ?? userAgent?.model ?? null;
  const answer = renderAnswer(context, phone, served, model, request);
  const reason = reasonOf(context, facts, served);
  if (isFetch) note(context, phone, served.tokenId, answer.status === 200 ? { served, reason } : null);
  const isOther = userAgent !== null && userAgent.mac !== null && userAgent.mac !== facts.mac;
  return { answer, trace: { served: served.kind, reason, ...(isOther ? { otherMac: true } : {}) } };
}

function renderAnswer(
  context: FetchContext,
  { facts, vendor }: AskingPhone,
  served: ServedConfiguration,
  model: string | null,
  request: FetchRequest,
): Answer {
  const { tokenId } = served;
  const document =
    served.kind === 'full'
      ? vendor.renderFull(fullView(context, facts, model, tokenId))
      : vendor.renderMinimal(minimalView(context, facts, model, tokenId, served.displayText));
  if (!served.isNewToken) return documentAnswer(document, 'private, no-cache', request.ifNoneMatch);
  const answer = documentAnswer(document, 'no-store', undefined);
  if (request.method === 'GET') return answer;
  // The bytes of the next answer will be others; there is nothing to compare with.
  const { ETag: _, ...headers } = answer.headers;
  return { ...answer, headers };
}

/** Why this configuration, for the audit log: the rule that gave the full one, or the state that kept it back. */
function reasonOf(context: FetchContext, facts: FetchFacts, served: ServedConfiguration): string {
  return served.kind === 'full' ? served.reason : lookAt(facts.authentication, context.clock.now()).state;
}

function note(
  context: FetchContext,
  { facts, address, finding }: AskingPhone,
  servedTokenId: string | null,
  sent: { served: ServedConfiguration; reason: string } | null,
): void {
  const now = context.clock.now();
  const isConfiguration = servedTokenId !== null;
  const held = finding.kind === 'held' ? finding.token.id : null;
  const own = finding.kind === 'held' ? finding.token.id : finding.endedId;
  context.notes.add({
    seen: { deviceId: facts.deviceId, at: now, address, provisionedAt: isConfiguration ? now : null },
    heldTokenId: held,
    answeredTokenId: isConfiguration && facts.awaited ? own : null,
    event:
      sent === null
        ? null
        : deviceEvent(
            facts,
            sent.served.kind === 'full' ? 'config.full' : 'config.minimal',
            phoneAt(address),
            now,
            {
              reason: sent.reason,
            },
          ),
  });
}
