import { createHmac, randomBytes } from 'node:crypto';
import { base32 } from './base32.js';

/**
 * 45 random bits: among a million of them a collision happens once in seventy times.
 */
const RANDOM_LENGTH = 9;
/** 15 bits. */
const CHECK_LENGTH = 3;
const ACCOUNT_NAME = new RegExp(`^[a-z2-7]{${RANDOM_LENGTH + CHECK_LENGTH}}$`);

/**
 * The SIP user name of a phone, which is the id of its token: random, with three characters that
 * only the holder of the key can know. They make no secret of it; but of names that a flood of
 * requests makes up all but one in 32,768 can be told from ours without asking the database.
 */
export function makeAccountName(key: Buffer): string {
  const random = base32(randomBytes(8), RANDOM_LENGTH);
  return random + checkOf(key, random);
}

/** Whether this can be the name of an account of ours. */
export function isAccountName(key: Buffer, name: string): boolean {
  return ACCOUNT_NAME.test(name) && name.slice(RANDOM_LENGTH) === checkOf(key, name.slice(0, RANDOM_LENGTH));
}

function checkOf(key: Buffer, random: string): string {
  return base32(createHmac('sha256', key).update(random).digest(), CHECK_LENGTH);
}
