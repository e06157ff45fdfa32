import type { RenderedDocument } from '../vendor.js';

/** The words of one command. */
export type Command = readonly string[];

/** A command that enters a mode, and the commands in it. */
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
 * A startup configuration. It replaces the whole one before it: what it does not mention has the
 * factory's value.
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

/** A word with characters that could end it, or have a meaning of their own, stands in quotes. */
function writeWord(word: string): string {
  return /^[\w.%+*\\@:$()[\]/,=~!-]+$/.test(word) ? word : `"${word}"`;
}

/**
 * A text of an operator as one word: accents, other characters that are not ASCII, and those that
 * would end its quotes are removed.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[^ -~]|["\\]/g, '')
    .trim();
}
