/**
 * What an operator may wish for a phone, for the tests of the families: one wish for each feature,
 * and all of them.
 */
import { type Feature, FEATURES, type FullView } from '../../../src/vendors/vendor.js';

type Wishes = Record<Feature, Partial<FullView>>;

/** @param raw free parameters in the family's own names */
export function oneWishEach(raw: Record<string, string>): Wishes {
  return {
    keys: {
      keys: [
        { kind: 'blf', label: 'Bernd', value: '202', line: 1 },
        { kind: 'speed-dial', label: 'Taxi', value: '0301234', line: 2 },
      ],
    },
    phoneBook: { phoneBook: { name: 'Company', url: 'https://book.example/secretish.xml' } },
    voicemailNumber: { voicemailNumber: '*98' },
    firmware: { firmwareUrl: 'https://prov.example/files/firmware-secretish.rom' },
    languageFile: { languageUrl: 'https://prov.example/files/language-secretish.lang' },
    codecs: { codecs: ['opus', 'g729', 'pcmu'] },
    srtp: { srtp: 'required' },
    toneCountry: { toneCountry: 'GB' },
    webInterface: { webInterface: true },
    serverTrust: { serverTrust: { verify: true, caUrl: 'https://prov.example/files/ca-secretish.pem' } },
    raw: { raw: new Map(Object.entries(raw)), rawNames: Object.keys(raw) },
  };
}

export function allWishes(raw: Record<string, string>): Partial<FullView> {
  const wishes = oneWishEach(raw);
  return Object.assign({}, ...FEATURES.map((feature) => wishes[feature])) as Partial<FullView>;
}
