/** What a room reads while a session runs, in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LobbyParticipant, SessionEventBody } from '../../../core/contract/session-event.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { inLanguage } from '../../../main/command-line/session-errors.ts';
import { SessionScreen } from '../../../main/command-line/session-lines.ts';
import type { ProgressLine, Terminal } from '../../../main/command-line/terminal.ts';
import type { SessionRole } from '../../../main/storage/store.ts';
import type { Language } from '../../../renderer/messages/formats.ts';
import { sampleSession } from '../report/sample-results.ts';

function watched(role: SessionRole, language: Language, ...bodies: readonly SessionEventBody[]) {
  const lines: string[] = [];
  const drawn: ProgressLine[] = [];
  const terminal: Terminal = {
    line: (text) => void lines.push(text),
    progress: (state) => void drawn.push(state),
    clear: () => undefined,
  };
  const screen = new SessionScreen(terminal, role, language);
  for (const body of bodies) screen.show({ at: '', session: 'e0ffc0aa7519', ...body });
  return { lines, drawn, screen };
}

const person = (name: string, number: number | null = null): LobbyParticipant => ({
  name,
  fingerprint: `${name.toUpperCase()} 1111 2222 3333 4444`,
  connected: true,
  known: false,
  number,
  confirmed: null,
});
const lobby = (...participants: readonly LobbyParticipant[]): SessionEventBody => ({
  type: 'lobby',
  epoch: 1,
  locked: false,
  open: true,
  participants,
});
const roster: SessionEventBody = {
  type: 'roster',
  epoch: 1,
  words: ['exit', 'supreme', 'tobacco', 'liquid'],
  digest: '',
  participants: 2,
  members: [
    { number: 1, name: 'Ada', fingerprint: '' },
    { number: 2, name: 'Chloé', fingerprint: '' },
  ],
  own: null,
};
const { epoch: _epoch, finishedAt: _finishedAt, ...round } = sampleSession().rounds[0]!;
const dropped = {
  type: 'protocol',
  event: { round: 1, attempt: 1, phase: 'masked-input', client: 2, kind: 'dropped', detail: {} },
} as const satisfies SessionEventBody;

describe('SessionScreen', () => {
  it('tells what noise costs and hides before the first round, in every round, and when nothing is sent any more', () => {
    const bodies: readonly SessionEventBody[] = [
      {
        ...{ type: 'privacy-plan', epsilon: 12.304, delta: 1e-5, honest: 8, noiseNorm: 38.93, harm: 'ruin' },
        ...{ spent: 0, budget: 10, roundsWithin: 3 },
      },
      {
        ...{ type: 'privacy-charged', round: 1, epsilon: 4.7301, delta: 1e-5, budget: 10 },
        ...{ updateNorm: 1.234, clippingNorm: 1, noiseNorm: 172.4 },
      },
      { type: 'budget-reached', round: 4, spent: 9.2, epsilon: 10.73, delta: 1e-5, budget: 10 },
    ];
    const privacy = {
      ...{ epsilon: 4.7301, delta: 1e-5, honest: 8, excess: 1.58, clippingNorm: 1 },
      ...{ noiseNorm: 38.93, updateNorm: 38.95, withinNorm: null },
    };
    const noisedRound: SessionEventBody = {
      type: 'round',
      ...round,
      clippedRate: null,
      reported: null,
      privacy,
    };
    const own = watched('participant', 'en', ...bodies).lines.map((line) => line.replace(/ +/g, ' ').trim());
    assert.deepEqual(own, [
      'Privacy epsilon 12.31 at delta 1e-5 after all rounds; 38.9 clipping norms of noise in a mean update, which is one long at most',
      'So much noise ruins learning.',
      'your budget of 10 is enough for 3 more rounds',
      'noise epsilon 4.74 of your budget of 10 spent on this data, in all sessions (at delta 1e-5)',
      'your update was 1.23 long, 1.00 at most are sent, with 172 of your own noise',
      'Privacy Cannot send, as epsilon would be 10.73 and your budget is 10 (at delta 1e-5). The others go on without you.',
    ]);
    const french = watched('coordinator', 'fr', roster, noisedRound).lines.join('\n').replace(/ +/g, ' ');
    assert.match(
      french,
      /bruit epsilon 4,74 pour delta 1e-5 jusqu’ici, pour qui a toujours participé ; 38,9 de bruit dans une mise à jour de 39,0/,
    );
    assert.doesNotMatch(french, /null|NaN|undefined/);
  });

  it('tells of the lobby only who is new, and how many there are', () => {
    const { lines, screen } = watched(
      'coordinator',
      'en',
      lobby(person('Ada')),
      lobby(person('Ada'), person('Chloé')),
      lobby(person('Ada'), person('Chloé')),
    );
    assert.deepEqual(
      lines.map((line) => line.replace(/ +/g, ' ')),
      [
        'Lobby Ada is here (ADA 1111 2222 3333)',
        'Lobby 1 participant',
        'Lobby Chloé is here (CHLOÉ 1111 2222 3333)',
        'Lobby 2 participants',
      ],
    );
    assert.equal(screen.listed.length, 2);
  });

  it('names people in a round, and counts answers on the line that is redrawn', () => {
    const answer = { ...dropped, event: { ...dropped.event, client: 1, kind: 'verified' } } as const;
    const { lines, drawn } = watched(
      'coordinator',
      'en',
      roster,
      { type: 'round-started', round: 1, rounds: 3, attempt: 1 },
      { type: 'phase', round: 1, attempt: 1, phase: 'masked-input', awaited: 2, deadlineMs: 60_000 },
      answer,
      dropped,
      { type: 'round', ...round },
    );
    const text = lines.join('\n');
    assert.match(text, /Words +exit   supreme   tobacco   liquid\n +2 participants\n/);
    assert.match(text, /Round 1 of 3\n  training +2 participants train; they have 1:00 min at most\n/);
    assert.match(text, /  left +Chloé, in “Masked input”\n  sum +4 of 4 are in it; 4 signed who is\n/);
    assert.match(text, /  model +accuracy 0\.9\d{3}, F1 0\.9\d{3}, loss 0\.\d{4}\n  time /);
    assert.deepEqual([drawn.at(-1)?.label, drawn.at(-1)?.share], ['  Masked input: 1 of 2', 0.5]);
  });

  it('speaks the language of the session from the moment a participant has joined', () => {
    const { lines, screen } = watched(
      'participant',
      'en',
      { type: 'connected', address: '192.168.1.3' },
      {
        type: 'joined',
        title: 'TP 3',
        name: 'Ada',
        demonstration: true,
        aggregation: 'median',
        loss: { kind: 'focal', gamma: 0.5 },
        coordinatorFingerprint: '3FA9 1111 2222 3333 4444',
        rounds: 5,
        language: 'fr',
      },
      { ...roster, own: 2 },
      { type: 'round-started', round: 1, rounds: 5, attempt: 1 },
      { ...dropped, event: { ...dropped.event, client: 2, kind: 'advertised' } },
      dropped,
      { type: 'disconnected', reason: 'lost', retryInMs: 2_000 },
      { type: 'finished', outcome: 'target', final: null, identitiesCompared: false },
      { type: 'connection', name: 'Chloé', connected: false, reason: 'closing' },
    );
    const text = lines.join('\n');
    assert.match(text, /^Connected +192/);
    assert.match(text, /Session +TP 3 : vous êtes Ada ; 5 tours\n/);
    assert.match(text, /UNE DÉMONSTRATION : des protections peuvent être coupées/);
    assert.match(text, /Le coordinateur regarde chaque mise à jour : la médiane/);
    assert.match(text, /entraîner avec une autre perte que d’habitude : focale, γ 0,5\n/);
    assert.match(text, /Mots +exit .*\n +2 participants ; vous êtes le numéro 2\n +Chaque écran/);
    assert.match(text, /\n\nTour 1 sur 5\n  clés +deux paires neuves/);
    assert.match(text, /  parti +Chloé, phase « Envoi masqué »/);
    assert.match(text, /Coupé +la connexion s’est rompue ; nouvel essai dans 2,0 s/);
    assert.match(text, /Fin +l’exactitude visée est atteinte\n +Les mots n’ont pas été comparés[^\n]*$/);
    assert.doesNotMatch(text, /[\u00a0\u202f]/);
    assert.equal(screen.texts.formats.language, 'fr');
  });

  it('says what went wrong and what to do in the language, and what it has no words for as it came', () => {
    const error = { type: 'error', code: 'words-differ', message: 'English', hint: 'English' } as const;
    const { lines } = watched('participant', 'fr', error, { ...error, code: 'unheard-of' });
    assert.match(lines[0]!, /^Problème +Vous avez dit que les mots ou le nombre diffèrent/);
    assert.match(lines[1]!, /^ +Dites-le à l’animateur/);
    assert.match(lines[2]!, /^Problème +English$/);
    const note = { type: 'note', text: 'English' } as const;
    const waiting = { ...note, code: 'waiting-for-members', detail: { present: 2, needed: 3 } } as const;
    assert.match(
      watched('coordinator', 'fr', waiting, note).lines.join('\n'),
      /^Note +En attente : 2 participants sont connectés, il en faut 3\.\nNote +English$/,
    );
  });

  it('has words for every note and every reason not to be in an epoch, in each language', () => {
    const notes = [
      [
        'engine',
        { engine: 'compiled (relaxed)', why: 'fastest', refusal: '' },
        /^Note +Entraînement avec compiled/,
      ],
      ['engine', { engine: 'wasm', why: 'asked', refusal: '' }, /wasm, comme demandé/],
      ['engine', { engine: 'wasm', why: 'only', refusal: 'GRU' }, /wasm, plus lent .*: GRU\.$/],
      ['moving-statistics', { count: 64 }, /^Note +Le modèle normalise par lots : 64 /],
      ['compute-replaced', { reason: 'SIGKILL' }, /processus.*SIGKILL/],
      ['left-attempt', { reason: 'survivors-differ' }, /hors de l’essai : d’autres manquent/],
      ['left-attempt', { reason: 'model-differs' }, /hors de l’essai : le modèle/],
      ['discovery-blocked', { reason: 'EPERM' }, /ne se trouvent pas d’elles-mêmes \(EPERM\)/],
      ['images-left-out', { count: 3, drawings: 15, most: 40 }, /^Note +3 images laissent la place/],
      ['drawings-left-out', { count: 1, most: 40 }, /1 dessin plus ancien reste dehors/],
      ['coordinator-away', {}, /Le coordinateur/],
    ] as const;
    for (const [code, detail, words] of notes) {
      const note = { type: 'note', text: 'English', code, detail } as const;
      assert.match(watched('participant', 'fr', note).lines.join('\n'), words);
      assert.doesNotMatch(watched('participant', 'en', note).lines.join('\n'), /English|undefined/);
    }
    for (const reason of ['roster-refused', 'not-included', 'acknowledgement-differs', 'opening-differs']) {
      const error = { type: 'error', code: reason, message: 'English', hint: 'English' } as const;
      const said = watched('participant', 'fr', error).lines.join('\n');
      assert.match(said, /n’est pas dans cette époque : \p{L}+.* \p{L}+.*\.\n +La liste/u);
      assert.doesNotMatch(said, /English/);
    }
  });

  it('begins its texts in one column in each language', () => {
    for (const language of ['en', 'fr'] as const) {
      const { lines } = watched('coordinator', language, roster, dropped, { type: 'note', text: 'x' });
      const columns = lines
        .filter((line) => line !== '')
        .map((line) => /^(?: *\S+ {2,}| +)(?=\S)/.exec(line)?.[0].length);
      assert.equal(new Set(columns).size, 1, lines.join('\n'));
    }
  });
});

describe('inLanguage()', () => {
  const over = new FederationError('session-over', 'English', {
    details: { session: 'e0', outcome: 'stopped' },
    blame: 'user',
    action: 'correct',
  });

  it('says in French what ended a command, and leaves the rest as it is', () => {
    const french = inLanguage(over, 'fr');
    assert.equal(french.message, 'Cette session est terminée sur cette machine : arrêtée par l’animateur.');
    assert.deepEqual([french.code, french.blame, french.details], [over.code, 'user', over.details]);
    assert.equal(inLanguage(over, 'en'), over);
  });
});
