import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * The order in which a phone asks (administrator's guides, "Provisioning"): `{MODEL}.cfg`, which
 * says where its own file is; then that, until a reset. The MAC is in upper case for `{MAC}`, in
 * lower case for `{mac}`.
 */
export const recogniseFile = recogniserOf({
  // As `renderCommon` and both configurations name it, and as other servers do.
  configuration: /^(?:(?:Panasonic\/)?Config)?(<mac>)\.cfg$/i,
  // What a phone asks for that knows no more than the server: `KX-HDV130.cfg`, with the letter of
  // its region.
  common: /^KX-(HDV|TGP|UT)\d{2,3}[A-Z0-9]{0,4}\.cfg$/i,
  absent: [
    // The files for all phones and for a model that a configuration may name, software, and the
    // phones that read XML.
    /^(?:(?:Panasonic\/)?Config(?:Common|KX-[\w-]+)\.cfg|KX-UTG\w+\.cfg|[\w.-]+\.fw)$/i,
  ],
});

export const recogniseUserAgent = userAgentsOf([
  // `Panasonic_KX-UT113/01.133 (0080f0c8c381)`, and with a dash `Panasonic-KX-TGP600RU/01.061
  // (080023e21a52)`.
  /^Panasonic[_-](?<model>KX-[^/ ]+)\/(?<firmware>\S+) \((?<mac>[0-9a-f]{12})\)$/i,
]);
