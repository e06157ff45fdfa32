import { recogniserOf, userAgentsOf } from '../requests.js';

/**
 * The order in which a phone asks (UC Software administrator's guide, "Master Configuration File"):
 * `<mac>.cfg`, else `000000000000.cfg`; then what that names in CONFIG_FILES, then `-phone`,
 * `-web`, `-license` and `-directory`. The MAC is in lower case; the pattern takes either.
 */
export const recogniseFile = recogniserOf({
  // The master file, which names the files to load, and the one that it names.
  boot: /^(<mac>)\.cfg$/i,
  configuration: /^(<mac>)-reg\.cfg$/i,
  // The master file for all phones that have none of their own.
  common: /^0{12}\.cfg$/i,
  keepsToken: true,
  absent: [
    // What a user changed (`-phone`, `-web`), licences, the phone's own directory and logs stay on
    // the phone.
    /^<mac>-(?:(?:user|phone|web|license|app|boot|advanced|calls|directory|favorites)[\w-]*)\.(?:cfg|xml|log|tar|gz)$/i,
    // Software, language files, sounds and pictures, which a phone looks for beside the master
    // file.
    /^(?:[\w.-]+\.(?:ld|ver)|(?:SoundPointIP|VVX|Poly)\w*(?:\/[\w .-]+)*|[\w-]+\.(?:wav|jpg|png|bmp))$/i,
  ],
});

const recogniseApplication = userAgentsOf(
  [
    // `FileTransport PolycomVVX-VVX_250-UA/6.4.3.5059 Type/Application`, and with
    // `device.prov.tagSerialNo` `FileTransport PolyCCX-CCX_500-UA/9.4.1.0508 (SN:64167f9f4c90)
    // Type/Application`.
    /^FileTransport Poly\w*-(?<model>\w+)-UA\/(?<firmware>[\d.]+)(?: \(SN:(?<mac>[0-9a-f]{12})\))?/i,
  ],
  (model) => model.replaceAll('_', ''),
);

const UPDATER = /-UA\/[\d.]+(?: \(SN:\w+\))? Type\/updater\b/i;

/** The version of the updater, which runs before the application, is not that of the firmware. */
export function recogniseUserAgent(userAgent: string): ReturnType<typeof recogniseApplication> {
  const facts = recogniseApplication(userAgent);
  if (facts === null || !UPDATER.test(userAgent)) return facts;
  return { ...facts, firmware: null };
}
