import type { AccountValues } from './account-parameters.js';

const FIRST_ON_PHONES: AccountValues = {
  entries: {
    active: 271,
    name: 270,
    server: 47,
    secondServer: 2312,
    proxy: 48,
    secondProxy: 2333,
    user: 35,
    authUser: 36,
    password: 34,
    displayName: 3,
    register: 31,
    expires: 32,
    transport: 130,
    dnsMode: 103,
    natTraversal: 52,
    dtmfInAudio: 2301,
    dtmfInRtp: 2302,
    dtmfInSip: 2303,
    fromProxyOnly: 2347,
    allowReset: 26_015,
    srtp: 183,
    checkServerName: 2311,
    checkServerChain: 2367,
    callFeatures: 191,
    dialPlan: 290,
    voicemail: 33,
    subscribeMessages: 99,
    display: 2380,
  },
  codecs: [57, 58, 59, 60, 61, 62, 46, 98],
};

/**
 * The first account has numbers of its own, the others a block of a hundred each: 2 to 4 P400 to
 * P600, 5 and 6 P1700 and P1800 (on the GRP260x P700 and P800), from 7 on P50600. Later entries
 * have further blocks, which are unknown for the accounts from 7 on.
 */
export function phoneAccount(number: number, fifthAccount: 7 | 17): AccountValues {
  if (number === 1) return FIRST_ON_PHONES;
  const hundreds = number > 6 ? 499 + number : number > 4 ? fifthAccount + number - 5 : number + 2;
  const of = (entry: number): number => hundreds * 100 + entry;
  const later = (entry: number): number => (22 + number) * 100 + entry;
  return {
    entries: {
      active: of(1),
      name: of(17),
      server: of(2),
      proxy: of(3),
      user: of(4),
      authUser: of(5),
      password: of(6),
      displayName: of(7),
      dnsMode: of(8),
      register: of(10),
      expires: of(12),
      natTraversal: of(14),
      subscribeMessages: of(15),
      callFeatures: of(20),
      voicemail: of(26),
      srtp: of(43),
      transport: of(48),
      dialPlan: of(59),
      ...(number <= 6 && {
        secondServer: later(12),
        secondProxy: later(33),
        dtmfInAudio: later(1),
        dtmfInRtp: later(2),
        dtmfInSip: later(3),
        fromProxyOnly: later(47),
        checkServerName: later(11),
        checkServerChain: later(67),
        display: later(80),
        allowReset: 26_015 + (number - 1) * 100,
      }),
    },
    codecs: [51, 52, 53, 54, 55, 56, 57, 58].map(of),
  };
}

/** The ports of HT801 and HT802; on the larger adapters, the profiles. */
export const ADAPTER_ACCOUNTS: readonly [AccountValues, AccountValues] = [
  {
    entries: {
      active: 271,
      server: 47,
      secondServer: 967,
      proxy: 48,
      secondProxy: 2333,
      user: 35,
      authUser: 36,
      password: 34,
      displayName: 3,
      register: 31,
      expires: 32,
      transport: 130,
      dnsMode: 103,
      natTraversal: 52,
      firstDtmf: 850,
      secondDtmf: 851,
      thirdDtmf: 852,
      fromProxyOnly: 243,
      allowReset: 26_015,
      srtp: 183,
      checkServerName: 2311,
      checkServerChain: 2367,
      callFeatures: 191,
      dialPlan: 4200,
      subscribeMessages: 99,
      offHookNumber: 71,
      offHookDelay: 4045,
    },
    codecs: [57, 58, 59, 60, 61, 62, 46],
  },
  {
    entries: {
      active: 401,
      server: 747,
      secondServer: 987,
      proxy: 748,
      secondProxy: 2433,
      user: 735,
      authUser: 736,
      password: 734,
      displayName: 703,
      register: 731,
      expires: 732,
      transport: 830,
      dnsMode: 702,
      natTraversal: 730,
      firstDtmf: 860,
      secondDtmf: 861,
      thirdDtmf: 862,
      fromProxyOnly: 743,
      allowReset: 26_115,
      srtp: 443,
      checkServerName: 2411,
      checkServerChain: 2467,
      callFeatures: 751,
      dialPlan: 4201,
      subscribeMessages: 709,
      offHookNumber: 771,
      offHookDelay: 4046,
    },
    codecs: [757, 758, 759, 760, 761, 762, 814],
  },
];

/** The user of a port of the larger adapters; all else of it is its profile's. */
export function adapterPort(number: number): AccountValues {
  const at = number - 1;
  return {
    entries: {
      active: 4595 + at,
      user: 4060 + at,
      authUser: 4090 + at,
      password: 4120 + at,
      displayName: 4180 + at,
      profile: 4150 + at,
      huntingGroup: 4300 + at,
      offHookNumber: 4210 + at,
    },
    codecs: [],
  };
}
