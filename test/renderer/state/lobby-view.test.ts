import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { LobbyParticipant } from '../../../core/contract/session-event.ts';
import type { WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { foldEvent, openWatched } from '../../../core/watching/fold.ts';
import { closingOf, columnsFor, lobbyView, shortFingerprint } from '../../../renderer/state/lobby-view.ts';

const names = ['Ada', 'Blaise', 'Chloé', 'Diego'];
const fingerprintOf = (name: string): string =>
  `${name.charCodeAt(0).toString(16)}AB 0001 0002 0003 0004 0005`;

function person(name: string, rest: Partial<LobbyParticipant> = {}): LobbyParticipant {
  const fingerprint = fingerprintOf(name);
  return { name, fingerprint, connected: true, known: false, number: null, confirmed: null, ...rest };
}

function lobby(people: readonly LobbyParticipant[], epoch = 1, open = true): WatchEventBody {
  return { type: 'lobby', epoch, locked: false, open, participants: people };
}

const roster: WatchEventBody = {
  type: 'roster',
  epoch: 1,
  words: ['velvet', 'lantern', 'otter', 'harbour'],
  digest: '00',
  participants: names.length,
  members: names.map((name, index) => ({ number: index + 1, name, fingerprint: fingerprintOf(name) })),
  own: null,
};

function confirmation(name: string, agreed = true, compared = true): WatchEventBody {
  return { type: 'confirmation', name, agreed, compared };
}

const listening: WatchEventBody = {
  type: 'listening',
  code: 'AAAA',
  link: 'masquerade://join/AAAA',
  addresses: [],
  fingerprint: '',
  resumed: false,
};

function after(...events: readonly WatchEventBody[]): Watched {
  const opened = openWatched({
    type: 'opened',
    kind: 'coordinator',
    title: 'A room',
    startedAt: '2026-11-26T10:00:00Z',
    settings: runSettingsSchema.parse({ clients: 5 }),
    demonstration: false,
    pace: 'full',
  });
  return events.reduce((watched, event) => foldEvent(watched, { ...event, atMs: 0 }), opened);
}

const everyone = names.map((name) => person(name));

describe('lobbyView()', () => {
  it('goes from opening over empty to open, and counts the seats that are free', () => {
    assert.equal(lobbyView(after(), null).mode, 'opening');
    assert.equal(lobbyView(after(listening, lobby([])), null).mode, 'empty');
    const open = lobbyView(after(listening, lobby(everyone)), null);
    assert.equal(open.mode, 'open');
    assert.equal(open.free, 1);
    assert.deepEqual([open.threshold, open.survives], [3, 1]);
  });

  it('knows no threshold below three, and that three may not lose anybody', () => {
    assert.equal(lobbyView(after(listening, lobby(everyone.slice(0, 2))), null).threshold, null);
    assert.equal(lobbyView(after(listening, lobby(everyone.slice(0, 3))), null).survives, 0);
  });

  it('shows who compares, who agrees, who did not look, who is away', () => {
    const people = everyone.map((one, index) => ({ ...one, number: index + 1, connected: index !== 3 }));
    const watched = after(
      listening,
      lobby(everyone),
      roster,
      lobby(people, 2, false),
      confirmation('Ada'),
      confirmation('Blaise', true, false),
    );
    const view = lobbyView(watched, null);
    assert.equal(view.mode, 'words');
    assert.deepEqual(
      view.seats.map(({ state }) => state),
      ['same', 'unseen', 'comparing', 'away'],
    );
    assert.equal(view.agreed, 2);
    assert.deepEqual(view.comparing, ['Chloé', 'Diego']);
    assert.equal(view.free, 0);
  });

  it('counts newcomers outside of a closed list, and no member whose number is not told yet', () => {
    assert.equal(lobbyView(after(listening, lobby(everyone), roster), null).waiting, 0);
    const people = [...everyone.map((one, index) => ({ ...one, number: index + 1 })), person('Eve')];
    assert.equal(
      lobbyView(after(listening, lobby(everyone), roster, lobby(people, 2, false)), null).waiting,
      1,
    );
  });

  it('marks who read other words once the list is open again, until the next words', () => {
    const events = [
      listening,
      lobby(everyone),
      roster,
      confirmation('Chloé', false),
      { type: 'error', code: 'words-differ', message: '', hint: '' } as const,
      lobby(everyone, 2),
    ];
    const view = lobbyView(after(...events), null);
    assert.equal(view.mode, 'differs');
    assert.deepEqual(view.differing, ['Chloé']);
    assert.equal(view.seats[2]?.state, 'differs');
    const next = lobbyView(after(...events, { ...roster, epoch: 2 }), null);
    assert.equal(next.mode, 'words');
    assert.deepEqual(next.differing, []);
  });

  it('is drawing from the press on until something comes of it, the second time, too', () => {
    const open = after(listening, lobby(everyone));
    assert.equal(lobbyView(open, closingOf(open)).mode, 'drawing');
    const failed = foldEvent(open, {
      type: 'error',
      code: 'too-few-members',
      message: '',
      hint: '',
      atMs: 1,
    });
    assert.equal(lobbyView(failed, closingOf(open)).mode, 'open');
    const again = foldEvent(failed, { ...lobby(everyone, 2), atMs: 2 });
    assert.equal(lobbyView(again, closingOf(open)).mode, 'open');
    assert.equal(lobbyView(again, closingOf(again)).mode, 'drawing');
  });
});

describe('columnsFor()', () => {
  it('never has fewer columns for more people', () => {
    const columns = Array.from({ length: 100 }, (_, seats) => columnsFor(seats));
    assert.deepEqual(
      columns,
      [...columns].sort((left, right) => left - right),
    );
    assert.equal(columnsFor(20), 5);
  });
});

describe('shortFingerprint()', () => {
  it('is the first four groups', () => {
    assert.equal(shortFingerprint('0001 0002 0003 0004 0005 0006'), '0001 0002 0003 0004');
  });
});
