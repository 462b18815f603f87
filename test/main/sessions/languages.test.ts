/** A session speaks one language to everyone; when it goes on, it still does. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MasqueradeProcess } from '../../support/session-processes.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

describe('the language of a session', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  async function said(process: MasqueradeProcess, words: RegExp): Promise<void> {
    for (let waited = 0; waited < 30_000; waited += 100) {
      if (words.test(process.errors)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.match(process.errors, words);
  }

  it('is what --resume speaks, unless another is asked for; what protects the keys is said in it too', async () => {
    const args = [
      ...room.settingArgs({ rounds: 1_000, language: 'fr' }),
      ...['--participants', '3', '--start-when-full'],
    ];
    const first = await room.startCoordinator(args, { type: 'round', round: 1 });
    await room.joinAll(['Ada', 'Grace', 'Emmy'], { person: nobody });
    assert.equal((await first.ended).signal, 'SIGKILL');
    const plain = [
      '--data-dir',
      'coordinator',
      '--no-announce',
      '--host',
      '127.0.0.1',
      '--no-qr',
      '--resume',
    ];

    const again = room.start(['coordinate', ...plain]);
    await said(again, /reprend là où elle a été interrompue/);
    await said(again, /Les clés de cette machine ne sont protégées que par les permissions/);
    assert.doesNotMatch(again.errors, /The keys of this machine|Session +[0-9a-f]+, goes on/);
    again.kill('SIGKILL');
    await again.ended;

    const english = room.start(['coordinate', ...plain, '--language', 'en']);
    await said(english, /goes on where it was cut short/);
    await said(english, /The keys of this machine are protected by file permissions alone/);
    english.type('stop');
    assert.equal(await english.exitCode(), 0);
    // and so does what cannot be
    const over = room.start(['coordinate', ...plain]);
    assert.equal(await over.exitCode(), 2);
  });
});
