import type { Mac } from '../domain/mac.js';
import type { Bytes, Json } from './schema.js';

export const JOB_STATES = ['running', 'done', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobTables {
  jobs: JobTable;
  jobItems: JobItemTable;
  jobFiles: JobFileTable;
}

export interface JobTable {
  id: string;
  action: string;
  /** What the action is told, as its own module reads it. */
  parameters: Json<Record<string, unknown>>;
  /** Who ordered it, for the events of its devices. */
  actor: string;
  address: string | null;
  /** Whose devices it may touch: those of these tenants; null: all. */
  tenantIds: Json<string[]> | null;
  state: JobState;
  total: number;
  /** Items that went well, and those that did not. */
  done: number;
  failed: number;
  /** How many batches of its file have been carried out. */
  batches: number;
  createdAt: Date;
  endedAt: Date | null;
}

export interface JobItemTable {
  jobId: string;
  /** Its place in the order of the job: of a file, the number of the line. */
  place: number;
  mac: Mac | null;
  /** null: not yet. */
  ok: boolean | null;
  error: string | null;
  detail: Json<Record<string, unknown>> | null;
}

/** The file of a job that reads one. */
interface JobFileTable {
  jobId: string;
  sealed: Bytes;
  keyVersion: number;
}
