/**
 * The user part of a SIP account as somebody claims it: bounded, without control characters and
 * half ones, for no account has them and no row could.
 */
const SIP_USER = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/**
 * Whether anybody can be called so. Whoever claims another name is nobody, and his emergency call
 * goes through all the same.
 */
export function isSipUser(name: string): boolean {
  return SIP_USER.test(name);
}
