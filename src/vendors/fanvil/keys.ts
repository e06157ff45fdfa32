import type { FanvilModel } from './models.js';

/**
 * The paths of the keys that the lines have by themselves and of the others after them, page by
 * page.
 */
export function keyPaths(model: FanvilModel): string[] {
  return keyPages(model).flatMap(({ page, keys }) => keys.map((key) => `dsskey/${page}/${key}`));
}

/** Pages of keys, as the format has them. */
export function keyPages(model: FanvilModel): { page: string; keys: string[] }[] {
  return [...pages('dssSide', model.side), ...pages('internal', model.internal)];
}

function pages(name: string, group: FanvilModel['side']): { page: string; keys: string[] }[] {
  return Array.from({ length: group.pages }, (_, at) => ({
    page: `${name}[${at + 1}]`,
    keys: Array.from({ length: group.keysPerPage }, (__, key) => `Fkey[${key + 1}]`),
  }));
}
