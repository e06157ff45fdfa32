import type { z } from 'zod';
import { API_KEY_ANSWER, NEW_API_KEY_ANSWER } from './api-keys.js';
import { DEVICE_ANSWER } from './device-answer.js';
import { CONFIGURATION_ANSWER } from './device-configuration.js';
import { IMPORT_ANSWER } from './devices-csv.js';
import { EVENT_ANSWER } from './events.js';
import { ALIVE_ANSWER, READY_ANSWER } from './health.js';
import { LINE_ANSWER } from './lines.js';
import { NETWORK_ANSWER } from './networks.js';
import { pageOf } from './page.js';
import { PROBLEM_ANSWER } from './problem.js';
import { RISK_ANSWER } from './security.js';
import { DEVICE_SETTINGS_ANSWER, SHARED_SETTINGS_ANSWER } from './settings-fields.js';
import { SITE_ANSWER } from './sites.js';
import { TENANT_ANSWER } from './tenants.js';
import { KNOCK_ANSWER } from './unknown-devices.js';

/**
 * Everything that the API answers, by the name that it has in the description. What answers is
 * typed by the same schemas.
 */
export const ANSWERS = {
  Problem: PROBLEM_ANSWER,
  SharedSettings: SHARED_SETTINGS_ANSWER,
  DeviceSettings: DEVICE_SETTINGS_ANSWER,
  Tenant: TENANT_ANSWER,
  TenantList: pageOf(TENANT_ANSWER),
  Site: SITE_ANSWER,
  SiteList: pageOf(SITE_ANSWER),
  Line: LINE_ANSWER,
  LineList: pageOf(LINE_ANSWER),
  Network: NETWORK_ANSWER,
  NetworkList: pageOf(NETWORK_ANSWER),
  Device: DEVICE_ANSWER,
  DeviceList: pageOf(DEVICE_ANSWER),
  Configuration: CONFIGURATION_ANSWER,
  ImportReport: IMPORT_ANSWER,
  UnknownDevice: KNOCK_ANSWER,
  UnknownDeviceList: pageOf(KNOCK_ANSWER),
  Event: EVENT_ANSWER,
  EventList: pageOf(EVENT_ANSWER),
  ApiKey: API_KEY_ANSWER,
  NewApiKey: NEW_API_KEY_ANSWER,
  ApiKeyList: pageOf(API_KEY_ANSWER),
  GuessRisk: RISK_ANSWER,
  Alive: ALIVE_ANSWER,
  Ready: READY_ANSWER,
} satisfies Record<string, z.ZodType>;

export type AnswerName = keyof typeof ANSWERS;
