import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * The order in which a phone asks: `<mac>.boot`, then `y000000000000.boot`; from a boot file only
 * what it includes; without one the model's `y` file and `<mac>.cfg`. The manuals write names in
 * lower case, some firmware asks in upper case.
 */
export const recogniseFile = recogniserOf({
  configuration: /^(<mac>)\.cfg$/i,
  boot: /^(<mac>)\.boot$/i,
  absent: [
    // The common boot file, and one common file per model (`y` and the model's code).
    /^y0{9}\d{3}\.(?:cfg|boot)$/i,
    // What a user changed on the phone, the personal phone book and the like stay on the phone.
    /^<mac>-[a-z]+\.(?:cfg|xml)$/i,
    // Encrypted variants, asked for where `aes_key_in_file` is on: we encrypt by TLS.
    /^(?:y0{9}\d{3}|<mac>)(?:-[a-z]+)?(?:\.(?:cfg|boot))?(?:_security)?\.enc$/i,
  ],
});

export const recogniseUserAgent = userAgentsOf([
  // `Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33`, `Yealink W70B 146.87.0.15 …`, and of the
  // T56A, with two spaces and a bare MAC, `Yealink SIP-T56A 58.80.0.25 001565f429a4`. The vendor's
  // name is required: without it this would match much that is no phone.
  /^Yealink\s+(?:SIP(?: VP)?-)?(?<model>\w+)\s+(?<firmware>[\d.]+)\s+(?<mac>[0-9a-f]{12}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i,
  // `Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0`: an old form, with the hardware's version in the
  // place of the MAC.
  /^Yealink-(?<model>\w+)\s+(?<firmware>[\d.]+)\s+[\d.]+$/i,
]);
