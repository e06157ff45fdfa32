/**
 * What a phone gets whose MAC is no device: nothing; a minimal configuration, with which it is
 * given the line whose code it dials; or a minimal configuration that never leads anywhere.
 */
export const UNKNOWN_DEVICES = ['reject', 'autoprov', 'decoy'] as const;
export type UnknownDevices = (typeof UNKNOWN_DEVICES)[number];
