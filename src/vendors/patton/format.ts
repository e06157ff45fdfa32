import type { RenderedDocument } from '../vendor.js';

/** The words of one command. */
export type Command = readonly string[];

/** A command that leads into a mode, and what is said there. */
export interface Mode {
  enter: Command;
  commands: Script;
}

export type Script = readonly (Command | Mode)[];

export function mode(enter: Command, ...commands: Script): Mode {
  return { enter, commands };
}

/** The first line of every script: the command language of SmartWare R4 to R6. */
const HEADER = 'cli version 3.20\n';

/**
 * A startup configuration: it replaces the whole one before it, so that what it does not mention is
 * as it came from the factory.
 */
export function writeConfiguration(...scripts: readonly Script[]): RenderedDocument {
  return { contentType: 'text/plain; charset=us-ascii', body: HEADER + writeScript(scripts.flat(), '') };
}

function writeScript(script: Script, indent: string): string {
  let text = '';
  for (const item of script) {
    if ('enter' in item)
      text += `${writeCommand(item.enter, indent)}${writeScript(item.commands, `${indent}  `)}`;
    else text += writeCommand(item, indent);
  }
  return text;
}

function writeCommand(command: Command, indent: string): string {
  return `${indent}${command.map(writeWord).join(' ')}\n`;
}

/** What could end a word, or be more than a letter of it, stands in quotes. */
function writeWord(word: string): string {
  return /^[\w.%+*\\@:$()[\]/,=~!-]+$/.test(word) ? word : `"${word}"`;
}

/**
 * A text from elsewhere as a word: accents are dropped, and so is everything else that is not
 * ASCII, and what would end the quotes it may stand in. So nothing gets out of its word.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[^ -~]|["\\]/g, '')
    .trim();
}
