import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * The order in which a phone asks: the file of its model, that of its MAC, and now and then about
 * its firmware.
 */
export const recogniseFile = recogniserOf({
  // `0c383e557eb1.cfg`, in either case; the handsets with Wi-Fi may ask for `.xml`.
  configuration: /^(<mac>)\.(?:cfg|xml)$/i,
  absent: [
    // A model and its hardware: `f0X3shw1.100.cfg`, `F0V00X300000.cfg`, `F0Vi51W00000.cfg`.
    /^f0[a-z0-9]{4,16}(?:\.\d{3})?\.cfg$/i,
    // What newer models ask about their firmware: `fanvil_x4u_pro_hwv2_0.txt`.
    /^fanvil_[a-z0-9_]{1,40}\.txt$/i,
  ],
});

export const recogniseUserAgent = userAgentsOf([
  // `Fanvil X6U Pro 0.0.10 0c383e2cd782`: the model may have a space in it. One firmware ends with
  // a stray bracket.
  /^Fanvil (?<model>[\w-]+(?: [\w-]+)?) (?<firmware>\d[\d.]*) (?<mac>[0-9a-f]{12})\)?$/i,
]);
