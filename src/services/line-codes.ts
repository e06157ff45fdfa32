import { type MasterKey, deriveCodeLookup, sealCode, unsealCode } from '../domain/secrets.js';
import { type Line, lockLinesWithClearCode, saveSealedCodes } from '../store/lines.js';
import type { Store } from '../store/store.js';

/** How a line keeps its code: what it is found by, and the code itself, for display. */
export function keepCode(
  key: MasterKey,
  lineId: string,
  code: string,
): Pick<Line, 'codeLookup' | 'codeSealed'> {
  return { codeLookup: deriveCodeLookup(key, code), codeSealed: sealCode(key, lineId, code) };
}

export function codeOfLine(key: MasterKey, { id, codeSealed }: Pick<Line, 'id' | 'codeSealed'>): string {
  return unsealCode(key, id, codeSealed);
}

const BATCH = 1000;

/**
 * Seals the codes of lines that an earlier version wrote in clear, all or none of them. Several
 * instances may start at once: each code is sealed by the one that holds its row. Answers how many
 * there were.
 */
export async function sealLineCodes(store: Store, key: MasterKey): Promise<number> {
  const seal = (): Promise<number> =>
    store.transaction(async (transaction) => {
      let sealed = 0;
      for (;;) {
        const lines = await lockLinesWithClearCode(transaction, BATCH);
        await saveSealedCodes(
          transaction,
          lines.map(({ id, code }) => ({ id, ...keepCode(key, id, code) })),
        );
        sealed += lines.length;
        if (lines.length < BATCH) return sealed;
      }
    });
  return store.unhurried(seal);
}
