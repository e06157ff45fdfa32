import type { Channel } from '../channel.js';

/** What is sent in a 20 ms interval: encoded audio, or silence when undefined. */
export type Frame = Buffer | undefined;

/**
 * An application at work: yields a frame for each 20 ms, and returns its Application-Response,
 * undefined when it has none. It has to return at the next step once the channel is no longer
 * `ready`.
 */
export type ApplicationRun = Generator<Frame, string | undefined>;

/** Begins an application; undefined when it is done at once, and has no response. */
export type Application = (channel: Channel, data: string) => ApplicationRun | undefined;
