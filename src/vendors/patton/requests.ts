import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * A SmartNode asks for what the locations of its provisioning profiles say, and for nothing else.
 */
export const recogniseFile = recogniserOf({
  // `$(system.mac).cfg`: lower case, no separators.
  configuration: /^(<mac>)\.cfg$/i,
  // The scripts that firmware is loaded by (`sn4110/bw`); ours to give only where a configuration
  // names them.
  absent: [/^sn\d+[a-z]*\/[a-z0-9_.-]+$/i],
});

export const recogniseUserAgent = userAgentsOf([
  // `SmartNode (Model:SN4112/JS/EUI; Serial:00A0BA08933C; Software Version:R6.2 2012-09-11 H323 SIP
  // FXS FXO; Hardware Version:4.4)`. The serial number is the MAC; the model's name ends at the
  // first slash.
  /^SmartNode \(Model:(?<model>\w+)[^;]*; Serial:(?<mac>\w+); Software Version:R?(?<firmware>[^\s;)]+)/,
]);
