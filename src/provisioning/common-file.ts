import { commonVendorOf } from '../vendors/index.js';
import { type Answer, documentAnswer, prepareDocument } from './answer.js';
import type { ProvisioningTarget } from './request-target.js';

/** What a request for a file of a whole model brings. */
export interface CommonRequest {
  userAgent: string | null;
  ifNoneMatch: string | null;
}

/**
 * The file of a model, which says where a phone finds its own file. It is the same for every client
 * and contains nothing of a device. null for every other name. Below a token it is served only if
 * its URLs keep the token; otherwise the phone would lose the token by it.
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
