import type { ParameterList, Settings } from '../../parameter-list.js';
import type { RenderedDocument } from '../../vendor.js';
import { escapeXml } from '../../xml.js';

export interface NvmDocument {
  firmware: { version: string; url: string } | null;
  /**
   * Ids of the handsets that there are to be places for. One that is registered already stays so.
   */
  handsets: readonly string[];
  /** Whether any other place is given up, and its handset with it. */
  deleteOthers: boolean;
  settings: Settings;
  free: Settings;
}

/**
 * Every parameter owned on the model, then the free ones. `RegStart`, which opens the registration
 * of handsets, would be another one each time.
 */
export function writeDocument(list: ParameterList, document: NvmDocument): RenderedDocument {
  const { firmware } = document;
  let body = '<?xml version="1.0" encoding="UTF-8"?>\n<provisioning version="1.1" productID="e2">\n';
  if (firmware !== null) {
    body += `<firmware>\n<file version="${escapeXml(firmware.version)}" url="${escapeXml(firmware.url)}"/>\n</firmware>\n`;
  }
  body += '<nvm>\n';
  if (document.deleteOthers) body += '<oper name="DeleteNotProvisionedHS"/>\n';
  for (const handset of document.handsets) {
    body += `<oper name="add_hs" value="${handset}">\n<param name="hs.RegStatus" value="ToReg"/>\n</oper>\n`;
  }
  body += list.write(document.settings);
  for (const [name, value] of document.free) body += writeParameter(name, value);
  body += '</nvm>\n</provisioning>\n';
  return { contentType: 'application/xml; charset=utf-8', body };
}

export function writeParameter(name: string, value: string): string {
  return `<param name="${name}" value="${escapeXml(value)}"/>\n`;
}
