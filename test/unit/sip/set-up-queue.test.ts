import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SetUpQueue, type Turn } from '../../../sip/media/set-up-queue.js';

const stay = new AbortController().signal;
const kindOf = async (turn: Promise<Turn>): Promise<string> => (await turn).kind;
const endOf = async (turn: Promise<Turn>): Promise<void> => {
  const taken = await turn;
  assert.ok(taken.kind === 'turn');
  taken.end();
};

test('so many at a time, the others in the order in which they came, and no more than may wait', async () => {
  const queue = new SetUpQueue(2, 3);
  const turns = Array.from({ length: 5 }, () => queue.enter(stay));
  const order: number[] = [];
  for (const [index, turn] of turns.entries()) void turn.then(() => order.push(index));
  assert.equal(await kindOf(queue.enter(stay)), 'full');
  assert.deepEqual(order, [0, 1]);
  assert.equal(queue.waiting, 3);
  for (const turn of turns) await endOf(turn);
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
  assert.equal(queue.waiting, 0);
  assert.equal(await kindOf(queue.enter(stay)), 'turn');
});

test('a caller who goes makes room, and never has a turn', async () => {
  const queue = new SetUpQueue(1, 1);
  const first = queue.enter(stay);
  const leaving = new AbortController();
  const second = queue.enter(leaving.signal);
  leaving.abort();
  assert.equal(await kindOf(second), 'left');
  assert.equal(await kindOf(queue.enter(leaving.signal)), 'left');
  const third = queue.enter(stay);
  await endOf(first);
  const turn = await third;
  assert.ok(turn.kind === 'turn');
  turn.end();
  turn.end(); // twice is once
  assert.equal(await kindOf(queue.enter(stay)), 'turn');
  const waiting = queue.enter(stay);
  assert.equal(queue.waiting, 1);
  void waiting;
});
