/**
 * For `node --import`: the time of day of a process, and of the database in it, is ahead of the
 * machine's by as many seconds as the file `STEPPING_TIME_FILE` says, and steps when that is
 * written. What `performance.now` tells goes on, as on a machine whose clock is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env['STEPPING_TIME_FILE'] ?? '';
const RealDate = Date;
let aheadMs = 0;

function look(): void {
  try {
    aheadMs = Number(readFileSync(file, 'utf8')) * 1000;
  } catch {
    // Not written yet: the machine's time.
  }
}

look();
setInterval(look, 50).unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters, made) =>
    Reflect.construct(
      target,
      parameters.length === 0 ? [RealDate.now() + aheadMs] : parameters,
      made,
    ) as Date,
  get: (target, name, receiver) =>
    name === 'now' ? () => RealDate.now() + aheadMs : (Reflect.get(target, name, receiver) as unknown),
});
