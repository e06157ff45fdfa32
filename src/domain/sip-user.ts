/**
 * The user part of a SIP account as a request claims it: bounded, without control characters and
 * half ones, for no account has them and no row could.
 */
const SIP_USER = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/**
 * Whether an account can have this name. A request with another name has no account; its emergency
 * call goes through all the same.
 */
export function isSipUser(name: string): boolean {
  return SIP_USER.test(name);
}
