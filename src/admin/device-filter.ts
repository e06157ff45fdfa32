import { z } from 'zod';
import { AUTHENTICATION_STATES } from '../domain/authentication.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { id, text } from './fields.js';

/** What a query may ask of devices. */
export const DEVICE_FILTER = {
  tenantId: id.optional(),
  siteId: id.optional(),
  state: z.enum(AUTHENTICATION_STATES).optional(),
  vendor: z.enum(VENDOR_IDS).optional(),
  q: text(100).optional(),
};
