import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comeBack, type ComeBackOptions } from '../../../main/host/come-back.ts';

const now = new Date('2026-11-26T18:00:00Z');
type Row = ComeBackOptions['sessions'][number];

function row(session: string, rest: Partial<Row> = {}): Row {
  return { session, role: 'participant', state: 'running', startedAt: '2026-11-26T09:00:00Z', ...rest };
}

async function resumed(sessions: readonly Row[]): Promise<readonly string[]> {
  const found: string[] = [];
  await comeBack({
    sessions,
    resume(session) {
      found.push(session);
      return Promise.resolve();
    },
    log() {},
    now,
  });
  return found;
}

describe('comeBack()', () => {
  it('goes on with sessions that this machine is a member of, and was cut off from', async () => {
    assert.deepEqual(await resumed([row('a'), row('b')]), ['a', 'b']);
  });

  it('leaves alone what has ended, what it leads, lobbies, and rooms of another day', async () => {
    assert.deepEqual(
      await resumed([
        row('a', { state: 'finished' }),
        row('b', { state: 'stopped' }),
        row('c', { role: 'coordinator' }),
        row('d', { state: 'lobby' }),
        row('e', { startedAt: '2026-11-26T05:59:59Z' }),
      ]),
      [],
    );
  });

  it('goes on with the next one where one cannot go on, and says so', async () => {
    const told: string[] = [];
    await comeBack({
      sessions: [row('a'), row('b')],
      resume: (session) => (session === 'a' ? Promise.reject(new Error('gone')) : Promise.resolve()),
      log: (text) => told.push(text),
      now,
    });
    assert.deepEqual(told, ['cannot come back into a: gone', 'back in the session b']);
  });
});
