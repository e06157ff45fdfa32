import type { ParameterList, Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';
import type { CiscoModel } from './models.js';
import { ownedParameters } from './parameters.js';

const CONTENT_TYPE = 'application/xml; charset=utf-8';

/**
 * A profile: every parameter owned on the model, then the free ones; those of
 * `<router-configuration>` stand in a section at its end.
 */
export function writeProfile(model: CiscoModel, settings: Settings, free: Settings): RenderedDocument {
  const { voice, router } = ownedParameters(model);
  const lists = [voice, ...router.map((section) => section.parameters)];
  const foreign = [...settings.keys()].find((name) => !lists.some((list) => list.owns(name)));
  if (foreign !== undefined) throw new Error(`${foreign} is set by one configuration and not owned by both.`);

  let body = writeOwn(voice, settings);
  for (const [name, value] of free) body += writeElement(name, value);
  if (router.length > 0) {
    const sections = router.map(({ element, parameters }) => {
      const text = writeOwn(parameters, settings);
      return element === null ? text : `<${element}>\n${text}</${element}>\n`;
    });
    body += `<router-configuration>\n${sections.join('')}</router-configuration>\n`;
  }
  return { contentType: CONTENT_TYPE, body: inProfile(body) };
}

/**
 * The profile of all ATAs of a model: where to ask next. In `Profile_Rule_B`, since that is
 * evaluated in the same resync, after the rule which got this profile; a changed `Profile_Rule`
 * would only be asked at the next one, an hour later.
 */
export function writePointer(publicUrl: string): RenderedDocument {
  return {
    contentType: CONTENT_TYPE,
    body: inProfile(writeElement('Profile_Rule_B', profileRule(`${publicUrl}/`))),
  };
}

/** The ATA puts its MAC, in lower case, in place of `$MA`. */
export function profileRule(folderUrl: string): string {
  return `${ruleUrl(folderUrl)}$MA.xml`;
}

/**
 * A URL in a rule: there `$` begins a macro (`$$` is one dollar), `|` an alternative, and a space
 * ends it.
 */
export function ruleUrl(url: string): string {
  return url.replaceAll('$', '$$$$').replaceAll('|', '%7C').replaceAll(/\s/g, '%20');
}

export function writeElement(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>\n`;
}

function writeOwn(parameters: ParameterList, settings: Settings): string {
  return parameters.write(new Map([...settings].filter(([name]) => parameters.owns(name))));
}

function inProfile(text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<flat-profile>\n${text}</flat-profile>\n`;
}
