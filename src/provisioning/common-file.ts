import { commonVendorOf } from '../vendors/index.js';
import { type Answer, documentAnswer, prepareDocument } from './answer.js';
import type { ProvisioningTarget } from './request-target.js';

/** What a request for a file of a whole model brings. */
export interface CommonRequest {
  userAgent: string | undefined;
  ifNoneMatch: string | undefined;
}

/**
 * The file of a model, which says where a phone finds its own, and nothing that is anybody's: the
 * same for everybody who asks. null for every other name. Below a token there is none, unless it
 * keeps that: a phone that holds one knows its own file, and this would take the token away from
 * it.
 */
export function answerCommon(
  { presented, file }: ProvisioningTarget,
  request: CommonRequest,
  publicUrl: string,
): Answer | null {
  const vendor = commonVendorOf(file, request.userAgent ?? '');
  const recognised = vendor?.recogniseFile(file);
  if (recognised?.kind !== 'common' || (presented !== null && recognised.keepsToken !== true)) return null;
  const document = vendor?.renderCommon?.(file, publicUrl);
  if (document === undefined) return null;
  return documentAnswer(prepareDocument(document), 'public, max-age=300', request.ifNoneMatch);
}
