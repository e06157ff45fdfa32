/**
 * What a phone gets whose MAC nobody has created: nothing; a minimal configuration, to be given the
 * line whose code it dials; or a minimal configuration that never leads anywhere.
 */
export const UNKNOWN_DEVICES = ['reject', 'autoprov', 'decoy'] as const;
export type UnknownDevices = (typeof UNKNOWN_DEVICES)[number];
