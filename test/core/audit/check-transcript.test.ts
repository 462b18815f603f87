import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkTranscript } from '../../../core/audit/check-transcript.ts';
import type { AuditReport } from '../../../core/audit/check-transcript.ts';
import { type AuditFault, auditChecks, auditFaults, uncheckable } from '../../../core/audit/findings.ts';
import {
  type LineKind,
  type LineOf,
  type TranscriptLine,
  type TranscriptType,
  formatLine,
  transcriptLineSchema,
} from '../../../core/audit/transcript.ts';
import { float64Bytes, utf8 } from '../../../core/bytes/bytes.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { canonicalArchitecture } from '../../../core/model/model-hash.ts';
import {
  advertDigest,
  advertsDigest,
  clientSetDigest,
  contextDigest,
  modelHash,
  statementDigest,
} from '../../../core/secagg/context.ts';
import { createEpoch } from '../../../core/secagg/epoch.ts';
import { parametersDigest } from '../../../core/secagg/parameters.ts';
import { decodeCanonical } from '../../../core/wire/canonical-cbor.ts';
import { encodeClientSet } from '../../../core/wire/client-set.ts';
import { sealMessage, type Signer } from '../../../core/wire/envelope.ts';
import { headerBytes, readHeader } from '../../../core/wire/header.ts';
import type { Body, MessageType, Phase } from '../../../core/wire/messages.ts';
import { identitySigner, unsignedSigner } from '../../../core/secagg/roster.ts';
import { auditLines } from '../../../main/audit/write-audit.ts';
import { testIdentity } from '../../support/identities.ts';
import { filler } from '../../support/messages.ts';
import { RecordedSession, eventfulSession, session } from './recorded-session.ts';

type Lines = readonly TranscriptLine[];
type MessageLine = LineOf<'message'>;

const linesOf = (recorded: RecordedSession): Lines => [
  ...auditLines(recorded.source(), recorded.row(), '0.1.0'),
];

/** Epoch 1 has persons 1 to 5 in this order, epoch 2 these. */
const people: Readonly<Record<number, readonly number[]>> = { 1: [1, 2, 3, 4, 5], 2: [5, 1, 2, 4, 7] };

function signerOf(epoch: number, sender: number): Signer {
  return identitySigner(sender, testIdentity(sender === 0 ? 0 : people[epoch]![sender - 1]!));
}

function faultsIn(report: AuditReport): string[] {
  return report.findings.flatMap((finding) => (finding.ok ? [] : [finding.fault]));
}

function assertFault(lines: Lines, fault: AuditFault): void {
  const report = checkTranscript(lines);
  assert.ok(faultsIn(report).includes(fault), `found ${faultsIn(report).join(', ') || 'nothing'}`);
  assert.equal(report.ok, false);
  const finding = report.findings.find((found) => !found.ok && found.fault === fault);
  assert.equal(finding?.check, auditFaults[fault]);
}

/** The place of a message: the `nth` of its type in that round (of epoch 1, for lobbies). */
function placeOf(lines: Lines, type: string, round: number, nth = 0): number {
  const places = lines.flatMap((line, index) =>
    line.kind === 'message' && line.type === type && line.round === round ? [index] : [],
  );
  assert.ok(places[nth] !== undefined, `no ${type} in round ${round}`);
  return places[nth];
}

function indexOfKind(lines: Lines, kind: LineKind, nth = 0): number {
  const found = lines.flatMap((line, index) => (line.kind === kind ? [index] : []))[nth];
  assert.ok(found !== undefined);
  return found;
}

/** With the count at the end as it must be. */
function recounted(lines: Lines): Lines {
  return lines.map((line, index) => (line.kind === 'end' ? { ...line, lines: index } : line));
}

const without = (lines: Lines, ...indices: number[]): Lines =>
  recounted(lines.filter((_, index) => !indices.includes(index)));

const inserted = (lines: Lines, at: number, line: TranscriptLine): Lines =>
  recounted([...lines.slice(0, at), line, ...lines.slice(at)]);

function changed<Kind extends LineKind>(
  lines: Lines,
  index: number,
  _kind: Kind,
  change: (line: LineOf<Kind>) => Partial<LineOf<Kind>>,
): Lines {
  const line = lines[index] as LineOf<Kind>;
  return lines.map((other, at) => (at === index ? { ...line, ...change(line) } : other));
}

/** A message with another body, validly signed by its sender. */
function resealed<Type extends MessageType>(
  line: MessageLine,
  change: (body: Body<Type>) => Body<Type> = (body) => body,
  place: { readonly round?: number; readonly attempt?: number; readonly sender?: number } = {},
): MessageLine {
  const header = readHeader(line.bytes);
  assert.ok(header.ok);
  const body = decodeCanonical(line.bytes.subarray(headerBytes, headerBytes + header.value.bodyBytes));
  const { round = line.round, attempt = line.attempt, sender = line.sender } = place;
  const position = { session, round, attempt };
  const signer = signerOf(line.epoch, sender);
  const bytes = sealMessage(line.type as Type, position, change(body as Body<Type>), signer);
  return { ...line, round, attempt, sender, bytes };
}

function reseal<Type extends MessageType>(
  lines: Lines,
  type: Type,
  round: number,
  change: (body: Body<Type>) => Body<Type>,
  nth = 0,
): Lines {
  const at = placeOf(lines, type, round, nth);
  return lines.map((line, index) => (index === at ? resealed(line as MessageLine, change) : line));
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};

const eventful = linesOf(eventfulSession());

function noisedSession(adaptiveClipping: boolean): RecordedSession {
  const noise = { noiseMultiplier: 0.5, weights: 'uniform', adaptiveClipping } as const;
  const recorded = new RecordedSession({ settings: { rounds: 3, ...noise } });
  recorded.openEpoch([1, 2, 3, 4]);
  for (const round of [1, 2, 3]) recorded.playRound(round);
  return recorded;
}

const adapting = linesOf(noisedSession(true));

describe('checkTranscript() on honest sessions', () => {
  it('finds nothing wrong in a session with dropouts, a retry, a removal and a second epoch', () => {
    const report = checkTranscript(eventful);
    assert.deepEqual(faultsIn(report), []);
    assert.equal(report.ok, true);
    assert.deepEqual(
      report.findings.map(({ check }) => check),
      auditChecks,
    );
    for (const finding of report.findings)
      assert.ok(finding.ok && finding.detail.count > 0, `${finding.check} has checked nothing`);
    assert.deepEqual(report.uncheckable, uncheckable);
    assert.deepEqual(report.notes, [{ note: 'attempts-aborted', count: 1 }]);
    assert.deepEqual(
      report.rounds.map(({ round, epoch, attempt, survivors }) => [round, epoch, attempt, survivors]),
      [
        [1, 1, 1, 5],
        [2, 1, 1, 4],
        [3, 1, 2, 5],
        [4, 2, 1, 4],
      ],
    );
  });

  it('computes the words, and the models that the coordinator had', () => {
    const recorded = new RecordedSession({ settings: { rounds: 1 } });
    recorded.openEpoch([1, 2, 3, 4]);
    recorded.playRound(1);
    const report = checkTranscript(linesOf(recorded));
    assert.equal(report.ok, true);
    assert.equal(report.epochs[0]?.words.length, 4);
    assert.equal(report.epochs[0].rosterDigest, recorded.epochs[0]?.rosterDigest);
    assert.equal(report.finalModelSha256, recorded.rounds[0]?.model.hash);
  });

  for (const serverOptimizer of ['average', 'adam'] as const)
    it(`follows the server optimiser ${serverOptimizer} over rounds`, () => {
      const recorded = new RecordedSession({ settings: { rounds: 3, serverOptimizer } });
      recorded.openEpoch([1, 2, 3]);
      for (const round of [1, 2, 3]) recorded.playRound(round);
      assert.deepEqual(faultsIn(checkTranscript(linesOf(recorded))), []);
    });

  it('accepts a retry over the same survivors, once statements were asked for', () => {
    assert.deepEqual(faultsIn(checkTranscript(retried)), []);
  });

  it('accepts a round that a crash interrupted, and says so', () => {
    const recorded = new RecordedSession({ settings: { rounds: 2 } });
    recorded.openEpoch([1, 2, 3]);
    recorded.playUnfinished(1);
    recorded.openEpoch([1, 2, 3]);
    recorded.playRound(2);
    recorded.outcome = 'stopped';
    const report = checkTranscript(linesOf(recorded));
    assert.deepEqual(faultsIn(report), []);
    assert.deepEqual(report.notes, [{ note: 'attempts-cut-short', count: 1 }]);
  });

  for (const adaptiveClipping of [false, true])
    it(`checks noised sums${adaptiveClipping ? ', and how the clipping norm follows from them' : ''}`, () => {
      const recorded = noisedSession(adaptiveClipping);
      const lines = linesOf(recorded);
      assert.deepEqual(faultsIn(checkTranscript(lines)), []);
      const told = lines.flatMap((line) => (line.kind === 'result' ? [line] : []));
      assert.deepEqual(
        told.map(({ reported, clippedRate }) => [reported, clippedRate]),
        [
          [null, null],
          [null, null],
          [null, null],
        ],
      );
      const at = indexOfKind(lines, 'result');
      const figures = { loss: 0, accuracy: 0, examples: 4, selected: 4 };
      assertFault(
        changed(lines, at, 'result', () => ({ reported: figures })),
        'result-differs',
      );
    });

  it('takes models that a rule made of single updates as they were signed, and says so; not under masks', () => {
    const recorded = new RecordedSession({ settings: { rounds: 3, masks: false, aggregation: 'median' } });
    recorded.openEpoch([1, 2, 3, 4]);
    for (const round of [1, 2, 3]) recorded.playRound(round);
    const lines = linesOf(recorded);
    const report = checkTranscript(lines);
    assert.deepEqual(faultsIn(report), []);
    assert.deepEqual(report.notes, [{ note: 'demonstration' }, { note: 'models-by-rule' }]);
    assert.equal(report.finalModelSha256, recorded.rounds.at(-1)?.model.hash);
    // a model announced that was not the one signed before is still found
    assertFault(
      reseal(lines, 'announcement', 2, (body) => ({ ...body, model: flipped(body.model, 0) })),
      'announced-model-differs',
    );
    // nobody gets around the arithmetic by a plan that says so while masks are on
    const masked = new RecordedSession({ settings: { rounds: 2 } });
    masked.openEpoch([1, 2, 3]);
    for (const round of [1, 2]) masked.playRound(round);
    const planned = linesOf(masked).map((line) =>
      line.kind === 'plan'
        ? {
            ...line,
            plan: { ...line.plan, settings: { ...line.plan.settings, aggregation: 'krum' as const } },
          }
        : line,
    );
    assert.deepEqual(checkTranscript(planned).notes, []);
    assertFault(
      reseal(planned, 'announcement', 2, (body) => ({ ...body, model: flipped(body.model, 0) })),
      'announced-model-differs',
    );
  });

  it('checks a demonstration as far as its protections go, and says that it is one', () => {
    const off = { masks: false, signatures: false, quantisation: false };
    const recorded = new RecordedSession({ settings: { rounds: 2, ...off } });
    recorded.openEpoch([1, 2, 3]);
    recorded.playRound(1);
    recorded.playRound(2);
    const lines = linesOf(recorded);
    const report = checkTranscript(lines);
    assert.deepEqual(faultsIn(report), []);
    assert.deepEqual(report.notes, [{ note: 'demonstration' }]);
    const at = indexOfKind(lines, 'aggregate');
    assertFault(
      changed(lines, at, 'aggregate', ({ sum }) => ({ sum: flipped(sum, 6) })),
      'result-model-differs',
    );
    const nan = new Uint8Array(new Float64Array([NaN]).buffer);
    assertFault(
      changed(lines, at, 'aggregate', ({ sum }) => ({ sum: Uint8Array.from([...nan, ...sum.subarray(8)]) })),
      'aggregate-malformed',
    );
  });

  it('says of a session without rounds that there are none', () => {
    const recorded = new RecordedSession();
    recorded.openEpoch([1, 2, 3]);
    recorded.outcome = 'stopped';
    const report = checkTranscript(linesOf(recorded));
    assert.equal(report.ok, true);
    assert.deepEqual(report.notes, [{ note: 'no-rounds' }]);
  });
});

/** Three survivors of five signed in the first attempt; the second sums the same four. */
const retried = ((): Lines => {
  const recorded = new RecordedSession({ settings: { rounds: 1 } });
  recorded.openEpoch([1, 2, 3, 4, 5]);
  recorded.playRound(1, [
    new Map<number, Phase>([
      [5, 'masked-input'],
      [1, 'statement'],
    ]),
    new Map(),
  ]);
  return linesOf(recorded);
})();

const clients = (lines: Lines, ...numbers: number[]): Uint8Array => {
  const epoch = lines[indexOfKind(lines, 'epoch')] as LineOf<'epoch'>;
  return encodeClientSet(numbers, epoch.members.length);
};

const header = 0;
const plan = 1;
const epoch1 = 2;
const epoch2 = 3;

const tampered: readonly (readonly [string, AuditFault, (lines: Lines) => Lines])[] = [
  // header
  [
    'another session',
    'session-not-of-key',
    (lines) => changed(lines, header, 'header', () => ({ session: '00'.repeat(16) })),
  ],
  [
    'a session whose messages are of another',
    'message-refused',
    (lines) => changed(lines, header, 'header', () => ({ session: '00'.repeat(16) })),
  ],
  [
    'a demonstration flag',
    'demonstration-differs',
    (lines) => changed(lines, header, 'header', () => ({ demonstration: true })),
  ],
  [
    'words that were not compared',
    'comparison-differs',
    (lines) => changed(lines, epoch2, 'epoch', () => ({ compared: false })),
  ],
  [
    'an end before the last round',
    'rounds-missing',
    (lines) => {
      const at = indexOfKind(lines, 'aggregate', 3);
      return without(lines, at, at + 1);
    },
  ],
  [
    'a header that comes late',
    'line-out-of-place',
    (lines) => recounted([lines[plan]!, lines[header]!, ...lines.slice(2)]),
  ],
  ['two headers', 'line-out-of-place', (lines) => inserted(lines, 1, lines[header]!)],
  // plan
  [
    'another seed',
    'plan-seed-differs',
    (lines) =>
      changed(lines, plan, 'plan', ({ plan: it }) => ({
        plan: { ...it, settings: { ...it.settings, seed: 8 } },
      })),
  ],
  [
    'another seed that gives another model',
    'initial-model-differs',
    (lines) =>
      changed(lines, plan, 'plan', ({ plan: it }) => ({
        plan: { ...it, settings: { ...it.settings, seed: 8 } },
      })),
  ],
  [
    'another initialiser',
    'initial-model-differs',
    (lines) => withTopology(lines, 'GlorotUniform', 'HeUniform'),
  ],
  [
    'a model of another size',
    'plan-model-size-differs',
    (lines) => withTopology(lines, '"units":3', '"units":4'),
  ],
  [
    'a model that cannot be trained',
    'plan-model-refused',
    (lines) => withTopology(lines, '"Dense"', '"LSTM"'),
  ],
  [
    'a plan that is a demonstration',
    'demonstration-differs',
    (lines) => changed(lines, plan, 'plan', ({ plan: it }) => ({ plan: { ...it, demonstration: true } })),
  ],
  ['no plan', 'line-out-of-place', (lines) => without(lines, plan)],
  // epochs
  [
    'another name',
    'lobby-roster-differs',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members }) => ({
        members: [{ ...members[0]!, name: 'Mallory' }, ...members.slice(1)],
      })),
  ],
  [
    'another name, as announced',
    'announced-roster-differs',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members }) => ({
        members: [{ ...members[0]!, name: 'Mallory' }, ...members.slice(1)],
      })),
  ],
  [
    'two members exchanged',
    'signature-wrong',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members: [one, two, ...others] }) => ({
        members: [two!, one!, ...others],
      })),
  ],
  [
    "another member's key",
    'signature-wrong',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members: [one, ...others] }) => ({
        members: [{ ...one!, publicKey: testIdentity(9).publicKey.spki }, ...others],
      })),
  ],
  [
    'one identity twice',
    'roster-unsound',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members: [one, ...others] }) => ({
        members: [{ ...one!, publicKey: others[0]!.publicKey }, ...others],
      })),
  ],
  [
    'a member too few',
    'roster-unsound',
    (lines) => changed(lines, epoch1, 'epoch', ({ members }) => ({ members: members.slice(1) })),
  ],
  [
    'a key that is none',
    'identity-refused',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ members: [one, ...others] }) => ({
        members: [{ ...one!, publicKey: filler(1, 294) }, ...others],
      })),
  ],
  [
    'another coordinator',
    'signature-wrong',
    (lines) => changed(lines, epoch1, 'epoch', () => ({ coordinator: testIdentity(9).publicKey.spki })),
  ],
  [
    'another coordinator later',
    'coordinator-changed',
    (lines) => changed(lines, epoch2, 'epoch', () => ({ coordinator: testIdentity(9).publicKey.spki })),
  ],
  [
    'another TLS key',
    'session-not-of-key',
    (lines) => changed(lines, epoch1, 'epoch', () => ({ transportKey: filler(1, 80) })),
  ],
  [
    'another TLS key later',
    'transport-key-changed',
    (lines) => changed(lines, epoch2, 'epoch', () => ({ transportKey: filler(1, 80) })),
  ],
  [
    'another learning rate',
    'announced-parameters-differ',
    (lines) =>
      withParameters(lines, epoch1, (it) => ({ ...it, optimiser: { kind: 'adam', learningRate: 0.5 } })),
  ],
  [
    'another learning rate, in the lobby',
    'lobby-roster-differs',
    (lines) =>
      withParameters(lines, epoch1, (it) => ({ ...it, optimiser: { kind: 'adam', learningRate: 0.5 } })),
  ],
  [
    'a threshold below the floor',
    'parameters-below-floors',
    (lines) => withParameters(lines, epoch1, (it) => ({ ...it, threshold: 2, neighbourThreshold: 2 })),
  ],
  [
    'masks off without a demonstration',
    'parameters-below-floors',
    (lines) => withParameters(lines, epoch1, (it) => ({ ...it, masks: false })),
  ],
  [
    'another server optimiser later',
    'parameters-changed',
    (lines) => withParameters(lines, epoch2, (it) => ({ ...it, serverOptimiser: { kind: 'average' } })),
  ],
  [
    'another seed later',
    'parameters-changed',
    (lines) => withParameters(lines, epoch2, (it) => ({ ...it, seed: 8 })),
  ],
  [
    'a nonce changed',
    'nonces-differ',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ nonces: [own, one, ...others] }) => ({
        nonces: [own!, flipped(one!, 3), ...others],
      })),
  ],
  [
    'a nonce that does not open its commitment',
    'opening-differs',
    (lines) =>
      changed(lines, epoch1, 'epoch', ({ nonces: [own, ...others] }) => ({
        nonces: [flipped(own!, 3), ...others],
      })),
  ],
  [
    'a nonce missing',
    'nonces-missing',
    (lines) => changed(lines, epoch1, 'epoch', ({ nonces }) => ({ nonces: nonces.slice(1) })),
  ],
  [
    'epochs exchanged',
    'epoch-out-of-order',
    (lines) =>
      lines.map((line, index) =>
        index === epoch1 ? lines[epoch2]! : index === epoch2 ? lines[epoch1]! : line,
      ),
  ],
  ['messages of an epoch that is not there', 'epoch-unusable', (lines) => without(lines, epoch2)],
  // the lobby
  [
    'a lobby closed with other names',
    'lobby-roster-differs',
    (lines) =>
      reseal(
        lines,
        'closed-lobby',
        0,
        (body) => ({ ...body, names: body.names.map((name) => `${name}!`) }),
        1,
      ),
  ],
  [
    'another commitment',
    'acknowledgement-differs',
    (lines) =>
      reseal(
        lines,
        'closed-lobby',
        0,
        (body) => ({ ...body, commitments: body.commitments.map((it) => flipped(it, 0)) }),
        1,
      ),
  ],
  [
    'a draw that adds members',
    'lobby-roster-grew',
    (lines) =>
      reseal(
        lines,
        'closed-lobby',
        0,
        (body) => ({ ...body, names: body.names.map((name) => `${name}!`) }),
        1,
      ),
  ],
  [
    'a lobby closed under a broken key',
    'identity-refused',
    (lines) =>
      reseal(
        lines,
        'closed-lobby',
        0,
        (body) => ({ ...body, publicKeys: body.publicKeys.map((it) => flipped(it, 2)) }),
        1,
      ),
  ],
  [
    'no closing of the lobby',
    'lobby-missing',
    (lines) =>
      without(
        lines,
        ...lines.flatMap((line, index) =>
          line.kind === 'message' && line.type === 'closed-lobby' ? [index] : [],
        ),
      ),
  ],
  [
    'a draw left out',
    'lobby-draw-out-of-order',
    (lines) => without(lines, placeOf(lines, 'closed-lobby', 0)),
  ],
  [
    'an acknowledgement of something else',
    'acknowledgement-differs',
    (lines) => reseal(lines, 'lobby-acknowledgement', 0, ({ lobby }) => ({ lobby: flipped(lobby, 0) }), 7),
  ],
  [
    'acknowledgements missing',
    'acknowledgement-missing',
    (lines) =>
      without(
        lines,
        placeOf(lines, 'lobby-acknowledgement', 0, 7),
        placeOf(lines, 'lobby-acknowledgements', 0),
      ),
  ],
  [
    'a list of acknowledgements by others',
    'message-refused',
    (lines) =>
      reseal(lines, 'lobby-acknowledgements', 0, ({ acknowledgements: [one, two, ...others] }) => ({
        acknowledgements: [two!, one!, ...others],
      })),
  ],
  [
    'a list with a forged acknowledgement',
    'signature-wrong',
    (lines) =>
      reseal(lines, 'lobby-acknowledgements', 0, ({ acknowledgements: [one, ...others] }) => ({
        acknowledgements: [flipped(one!, -1), ...others],
      })),
  ],
  [
    'a nonce that was not committed to',
    'opening-differs',
    (lines) => reseal(lines, 'nonce-opening', 0, () => ({ nonce: filler(1, 32) })),
  ],
  ['no opening', 'opening-missing', (lines) => without(lines, placeOf(lines, 'nonce-opening', 0))],
  [
    'an opening before the acknowledgements',
    'nonce-opened-early',
    (lines) => moved(lines, placeOf(lines, 'nonce-opening', 0), placeOf(lines, 'closed-lobby', 0, 1) + 1),
  ],
  [
    'other nonces sent on',
    'nonces-differ',
    (lines) => reseal(lines, 'opened-nonces', 0, ({ nonces }) => ({ nonces: nonces.toReversed() })),
  ],
  ['no nonces sent on', 'nonces-missing', (lines) => without(lines, placeOf(lines, 'opened-nonces', 0))],
  // announcements
  [
    'a clipping norm that does not follow from the noised shares',
    'clipping-norm-differs',
    () => reseal(adapting, 'announcement', 3, (body) => ({ ...body, clippingNorm: float64Bytes(0.5) })),
  ],
  [
    'no clipping norm where it adapts',
    'clipping-norm-differs',
    () => reseal(adapting, 'announcement', 3, ({ clippingNorm: _norm, ...body }) => body),
  ],
  [
    'another roster announced',
    'announced-roster-differs',
    (lines) => reseal(lines, 'announcement', 2, (body) => ({ ...body, roster: filler(1, 32) })),
  ],
  [
    'other parameters announced',
    'announced-parameters-differ',
    (lines) => reseal(lines, 'announcement', 2, (body) => ({ ...body, parameters: filler(1, 32) })),
  ],
  [
    'another model announced',
    'announced-model-differs',
    (lines) => reseal(lines, 'announcement', 2, (body) => ({ ...body, model: filler(1, 32) })),
  ],
  [
    'another first model announced',
    'initial-model-differs',
    (lines) => reseal(lines, 'announcement', 1, (body) => ({ ...body, model: filler(1, 32) })),
  ],
  [
    'a model announced that its adverts are not for',
    'context-differs',
    (lines) => reseal(lines, 'announcement', 2, (body) => ({ ...body, model: filler(1, 32) })),
  ],
  [
    'the same model twice',
    'model-summed-twice',
    (lines) => {
      const first = lines[placeOf(lines, 'announcement', 1)] as MessageLine;
      const { model } = bodyOf<'announcement'>(first);
      return reseal(lines, 'announcement', 2, (body) => ({ ...body, model }));
    },
  ],
  ['no announcement', 'message-out-of-order', (lines) => without(lines, placeOf(lines, 'announcement', 2))],
  [
    'an attempt twice',
    'attempt-not-newer',
    (lines) => inserted(lines, placeOf(lines, 'announcement', 2), lines[placeOf(lines, 'announcement', 1)]!),
  ],
  ['a round beyond the plan', 'round-beyond-plan', (lines) => movedRound(lines, 4, 5)],
  ['a round in two epochs', 'round-in-two-epochs', (lines) => movedRound(lines, 4, 3, 3)],
  [
    'a round in an epoch that is over',
    'epoch-out-of-order',
    (lines) =>
      inserted(
        lines,
        indexOfKind(lines, 'aggregate'),
        resealed(lines[placeOf(lines, 'announcement', 1)] as MessageLine, undefined, { round: 5 }),
      ),
  ],
  // adverts
  [
    'an advert for another context',
    'context-differs',
    (lines) => reseal(lines, 'key-advert', 1, (body) => ({ ...body, context: filler(1, 32) })),
  ],
  [
    'a key of an earlier round',
    'key-reused',
    (lines) => {
      const { maskKey } = bodyOf<'key-advert'>(lines[placeOf(lines, 'key-advert', 1)] as MessageLine);
      return reseal(lines, 'key-advert', 2, (body) => ({ ...body, maskKey }));
    },
  ],
  [
    'one key as both kinds',
    'key-reused',
    (lines) => reseal(lines, 'key-advert', 1, (body) => ({ ...body, channelKey: body.maskKey })),
  ],
  [
    'a key that is not canonical',
    'key-unsound',
    (lines) => reseal(lines, 'key-advert', 1, (body) => ({ ...body, maskKey: new Uint8Array(32).fill(255) })),
  ],
  [
    'a second advert',
    'message-twice',
    (lines) => inserted(lines, placeOf(lines, 'key-advert', 1), lines[placeOf(lines, 'key-advert', 1)]!),
  ],
  ['an advert left out', 'input-adverts-differ', (lines) => without(lines, placeOf(lines, 'key-advert', 1))],
  [
    'an advert that comes late',
    'message-out-of-order',
    (lines) => moved(lines, placeOf(lines, 'key-advert', 1), placeOf(lines, 'statement', 1)),
  ],
  // U2
  ['no U2', 'sharers-missing', (lines) => without(lines, indexOfKind(lines, 'sharers'))],
  [
    'another U2',
    'input-sharers-differ',
    (lines) =>
      changed(lines, indexOfKind(lines, 'sharers'), 'sharers', () => ({
        clients: clients(lines, 1, 2, 3, 4),
      })),
  ],
  [
    'a U2 that leaves out a sender',
    'input-without-shares',
    (lines) =>
      changed(lines, indexOfKind(lines, 'sharers'), 'sharers', () => ({
        clients: clients(lines, 1, 2, 3, 4),
      })),
  ],
  [
    'a U2 below the threshold',
    'set-below-threshold',
    (lines) =>
      changed(lines, indexOfKind(lines, 'sharers'), 'sharers', () => ({ clients: clients(lines, 1, 2, 3) })),
  ],
  [
    'a U2 beyond the roster',
    'set-malformed',
    (lines) =>
      changed(lines, indexOfKind(lines, 'sharers'), 'sharers', () => ({ clients: Uint8Array.of(255) })),
  ],
  ['a U2 beyond U1', 'set-not-within', (lines) => without(lines, placeOf(lines, 'key-advert', 1))],
  [
    'a second U2',
    'line-out-of-place',
    (lines) => inserted(lines, indexOfKind(lines, 'sharers'), lines[indexOfKind(lines, 'sharers')]!),
  ],
  // masked inputs
  [
    'an input for other adverts',
    'input-adverts-differ',
    (lines) => reseal(lines, 'masked-input', 1, (body) => ({ ...body, u1: filler(1, 32) })),
  ],
  [
    'an input for another U2',
    'input-sharers-differ',
    (lines) => reseal(lines, 'masked-input', 1, (body) => ({ ...body, u2: filler(1, 32) })),
  ],
  [
    'an input of another length',
    'input-length-differs',
    (lines) => reseal(lines, 'masked-input', 1, (body) => ({ ...body, vectorBytes: 40 })),
  ],
  ['an input left out', 'set-not-within', (lines) => without(lines, placeOf(lines, 'masked-input', 1))],
  [
    'a second input',
    'message-twice',
    (lines) =>
      inserted(
        lines,
        placeOf(lines, 'masked-input', 1),
        resealed<'masked-input'>(lines[placeOf(lines, 'masked-input', 1)] as MessageLine, (body) => ({
          ...body,
          vector: filler(1, 32),
        })),
      ),
  ],
  [
    'an input with its vector',
    'message-refused',
    (lines) =>
      changed(lines, placeOf(lines, 'masked-input', 1), 'message', ({ bytes }) => ({
        bytes: Uint8Array.from([...bytes, 1, 2, 3]),
      })),
  ],
  // statements
  [
    'a U3 that leaves somebody out',
    'survivors-left-out',
    (lines) => reseal(lines, 'statement-request', 1, (body) => ({ ...body, u3: clients(lines, 1, 2, 3, 4) })),
  ],
  [
    'a U3 below the threshold',
    'set-below-threshold',
    (lines) => reseal(lines, 'statement-request', 1, (body) => ({ ...body, u3: clients(lines, 1, 2, 3) })),
  ],
  [
    'a U3 beyond the roster',
    'set-malformed',
    (lines) => reseal(lines, 'statement-request', 1, (body) => ({ ...body, u3: Uint8Array.of(255) })),
  ],
  [
    'a U3 with somebody who vanished',
    'set-not-within',
    (lines) =>
      reseal(lines, 'statement-request', 2, (body) => ({ ...body, u3: clients(lines, 1, 2, 3, 4, 5) })),
  ],
  [
    'inputs relayed that nobody asked for',
    'relayed-inputs-differ',
    (lines) => reseal(lines, 'statement-request', 1, (body) => ({ ...body, maskedInputs: [filler(1, 300)] })),
  ],
  [
    'two requests',
    'message-out-of-order',
    (lines) =>
      inserted(lines, placeOf(lines, 'statement-request', 1), lines[placeOf(lines, 'statement-request', 1)]!),
  ],
  ['no request', 'signer-not-survivor', (lines) => without(lines, placeOf(lines, 'statement-request', 1))],
  [
    'a statement of something else',
    'statement-differs',
    (lines) => reseal(lines, 'statement', 1, () => ({ digest: filler(1, 32) })),
  ],
  [
    'a statement by somebody who vanished',
    'signer-not-survivor',
    (lines) => {
      const at = placeOf(lines, 'statement', 2);
      return inserted(lines, at, resealed(lines[at] as MessageLine, undefined, { sender: 3 }));
    },
  ],
  [
    'a statement counted twice',
    'message-twice',
    (lines) => {
      const at = placeOf(lines, 'statement', 2);
      return inserted(without(lines, at), at, lines[at + 1]!);
    },
  ],
  ['a statement too few', 'too-few-statements', (lines) => without(lines, placeOf(lines, 'statement', 2))],
  // the end of a round
  [
    'another new model',
    'result-model-differs',
    (lines) => reseal(lines, 'result', 2, (body) => ({ ...body, model: filler(1, 32) })),
  ],
  [
    'no new model after the last round',
    'model-unsigned',
    (lines) => without(lines, placeOf(lines, 'result', 4)),
  ],
  [
    'a statement after the end',
    'message-out-of-order',
    (lines) => moved(lines, placeOf(lines, 'statement', 1), placeOf(lines, 'result', 1)),
  ],
  [
    'a message after the abort',
    'message-out-of-order',
    (lines) => moved(lines, placeOf(lines, 'key-advert', 3, 2), placeOf(lines, 'abort', 3)),
  ],
  [
    'two withdrawals',
    'message-twice',
    (lines) => {
      const line = withdrawal(lines);
      const at = placeOf(lines, 'masked-input', 1);
      return inserted(inserted(lines, at, line), at, line);
    },
  ],
  // sums
  ['a sum that is off by one', 'result-model-differs', (lines) => withSum(lines, (sum) => (sum[2]! += 1))],
  [
    'a sum with a poisoned count',
    'aggregate-implausible',
    (lines) => withSum(lines, (sum) => (sum[15] = 1_000_000)),
  ],
  [
    'a sum beyond its bounds',
    'aggregate-implausible',
    (lines) => withSum(lines, (sum) => (sum[0] = 2 ** 30)),
  ],
  [
    'a sum cut short',
    'aggregate-malformed',
    (lines) =>
      changed(lines, indexOfKind(lines, 'aggregate'), 'aggregate', ({ sum }) => ({ sum: sum.subarray(4) })),
  ],
  [
    'a sum of other numbers',
    'aggregate-malformed',
    (lines) => changed(lines, indexOfKind(lines, 'aggregate'), 'aggregate', () => ({ numbers: 'float64' })),
  ],
  [
    'a sum of an attempt that was aborted',
    'aggregate-unasked',
    (lines) => changed(lines, indexOfKind(lines, 'aggregate', 2), 'aggregate', () => ({ attempt: 1 })),
  ],
  [
    'a sum of a round that was never played',
    'aggregate-unasked',
    (lines) => changed(lines, indexOfKind(lines, 'aggregate', 2), 'aggregate', () => ({ round: 9 })),
  ],
  [
    'a sum of another epoch',
    'aggregate-unasked',
    (lines) => changed(lines, indexOfKind(lines, 'aggregate', 2), 'aggregate', () => ({ epoch: 2 })),
  ],
  [
    'a sum left out',
    'aggregate-missing',
    (lines) => {
      const at = indexOfKind(lines, 'aggregate', 1);
      return without(lines, at, at + 1);
    },
  ],
  [
    'the last sum left out',
    'aggregate-missing',
    (lines) => {
      const at = indexOfKind(lines, 'aggregate', 3);
      return without(lines, at, at + 1);
    },
  ],
  [
    'a sum twice',
    'two-sums',
    (lines) => {
      const at = indexOfKind(lines, 'aggregate', 1);
      return inserted(inserted(lines, at, lines[at + 1]!), at, lines[at]!);
    },
  ],
  // published figures
  ['figures left out', 'result-missing', (lines) => without(lines, indexOfKind(lines, 'result'))],
  ['the last figures left out', 'result-missing', (lines) => without(lines, indexOfKind(lines, 'result', 3))],
  [
    'figures twice',
    'result-unasked',
    (lines) => inserted(lines, indexOfKind(lines, 'result'), lines[indexOfKind(lines, 'result')]!),
  ],
  [
    'a message among the sums',
    'line-out-of-place',
    (lines) => moved(lines, placeOf(lines, 'result', 4), lines.length - 1),
  ],
  // the end
  [
    'another number of lines',
    'lines-missing',
    (lines) => changed(lines, lines.length - 1, 'end', ({ lines: count }) => ({ lines: count + 1 })),
  ],
  ['no end', 'lines-missing', (lines) => lines.slice(0, -1)],
  ['lines after the end', 'line-out-of-place', (lines) => [...lines, lines.at(-2)!]],
];

function withTopology(lines: Lines, from: string, to: string): Lines {
  return changed(lines, plan, 'plan', ({ plan: it }) => {
    const topology = JSON.parse(
      JSON.stringify(it.model.topology).replace(from, to),
    ) as typeof it.model.topology;
    return { plan: { ...it, model: { ...it.model, topology } } };
  });
}

function withParameters(
  lines: Lines,
  index: number,
  change: (parameters: LineOf<'epoch'>['parameters']) => LineOf<'epoch'>['parameters'],
): Lines {
  return changed(lines, index, 'epoch', ({ parameters }) => ({ parameters: change(parameters) }));
}

function withSum(lines: Lines, change: (sum: Int32Array) => void): Lines {
  return changed(lines, indexOfKind(lines, 'aggregate'), 'aggregate', ({ sum }) => {
    const copy = new Int32Array(sum.slice().buffer);
    change(copy);
    return { sum: new Uint8Array(copy.buffer) };
  });
}

function moved(lines: Lines, from: number, to: number): Lines {
  const rest = lines.toSpliced(from, 1);
  return recounted(rest.toSpliced(to, 0, lines[from]!));
}

/** All messages of a round as they would be in another, signed anew. */
function movedRound(lines: Lines, round: number, to: number, attempt = 1): Lines {
  return lines.map((line) =>
    line.kind === 'message' && line.round === round
      ? resealed(line, undefined, { round: to, attempt })
      : line,
  );
}

function bodyOf<Type extends MessageType>({ bytes }: MessageLine): Body<Type> {
  const read = readHeader(bytes);
  assert.ok(read.ok);
  return decodeCanonical(bytes.subarray(headerBytes, headerBytes + read.value.bodyBytes)) as Body<Type>;
}

function withdrawal(lines: Lines): MessageLine {
  const line = lines[placeOf(lines, 'masked-input', 1)] as MessageLine;
  const position = { session, round: 1, attempt: 1 };
  const bytes = sealMessage('withdrawal', position, { reason: 'key-refused' }, signerOf(1, line.sender));
  return { ...line, type: 'withdrawal', bytes };
}

describe('checkTranscript() on tampered transcripts', () => {
  for (const [name, fault, tamper] of tampered)
    it(`finds ${fault}: ${name}`, () => {
      assertFault(tamper(eventful), fault);
    });

  it('finds survivors-differ: statements asked for over a second U3 in one round', () => {
    const second = placeOf(retried, 'statement-request', 1, 1);
    const u3 = clients(retried, 1, 2, 3, 4, 5);
    assertFault(
      retried.map((line, at) =>
        at === second
          ? resealed<'statement-request'>(line as MessageLine, (body) => ({ ...body, u3 }))
          : line,
      ),
      'survivors-differ',
    );
  });

  it('has a case for every fault', () => {
    const elsewhere: readonly AuditFault[] = ['survivors-differ', 'neighbourhood-starved', 'result-differs'];
    const covered = new Set([...tampered.map(([, fault]) => fault), ...elsewhere]);
    assert.deepEqual(
      (Object.keys(auditFaults) as AuditFault[]).filter((fault) => !covered.has(fault)),
      [],
    );
  });

  for (const field of ['loss', 'accuracy', 'examples', 'selected'] as const)
    it(`finds result-differs: another reported ${field}`, () => {
      const at = indexOfKind(eventful, 'result');
      assertFault(
        changed(eventful, at, 'result', ({ reported }) => ({ reported: { ...reported!, [field]: 0.25 } })),
        'result-differs',
      );
    });

  for (const field of ['advertised', 'shared', 'masked'] as const)
    it(`finds result-differs: another number of clients ${field}`, () => {
      const at = indexOfKind(eventful, 'result', 1);
      assertFault(
        changed(eventful, at, 'result', (line) => ({ clients: { ...line.clients, [field]: 9 } })),
        'result-differs',
      );
    });

  it('tells the first twenty faults of a check, and counts the rest', () => {
    const lines = eventful.map((line) =>
      line.kind === 'message' && line.sender > 0 ? { ...line, bytes: flipped(line.bytes, -1) } : line,
    );
    const told = checkTranscript(lines).findings.filter(({ check }) => check === 'signatures');
    assert.equal(told.length, 21);
    const last = told.at(-1);
    assert.ok(last?.ok === false && last.fault === 'more' && Number(last.detail['count']) > 10);
  });
});

describe('checkTranscript() on every line', () => {
  const recorded = new RecordedSession({ settings: { rounds: 2 } });
  recorded.openEpoch([1, 2, 3, 4]);
  recorded.playRound(1);
  recorded.playRound(2, [new Map<number, Phase>([[4, 'masked-input']])]);
  const lines = linesOf(recorded);

  /** Told twice, or by another line as well. */
  const repeated = new Set(['lobby-acknowledgement', 'lobby-acknowledgements']);

  it('notices when it is left out', () => {
    const unnoticed = lines.flatMap((line, index) => {
      if (!checkTranscript(without(lines, index)).ok) return [];
      return [line.kind === 'message' ? `${line.type} of round ${line.round}` : line.kind];
    });
    // the next announcement names the same model; three of four statements are enough
    const expected = new Set([
      ...[...repeated].map((type) => `${type} of round 0`),
      'result of round 1',
      'statement of round 1',
    ]);
    assert.deepEqual(
      unnoticed.filter((what) => !expected.has(what)),
      [],
    );
  });

  it('notices a changed byte of a message, wherever it is', () => {
    lines.forEach((line, index) => {
      if (line.kind !== 'message') return;
      const { bytes } = line;
      for (const at of [0, 5, 10, 23, 27, 30, 31, 33, headerBytes + 3, bytes.length >> 1, -1])
        assert.equal(
          checkTranscript(changed(lines, index, 'message', () => ({ bytes: flipped(bytes, at) }))).ok,
          false,
          `${line.type}, byte ${at}`,
        );
    });
  });

  it('notices another epoch, round, attempt, type or sender than the message has', () => {
    lines.forEach((line, index) => {
      if (line.kind !== 'message') return;
      const fields = [
        { epoch: 2 },
        { round: line.round + 1 },
        { attempt: line.attempt + 1 },
        { sender: line.sender + 1 },
        { type: line.type === 'statement' ? 'key-advert' : 'statement' },
      ] as const;
      for (const field of fields)
        assert.equal(
          checkTranscript(changed(lines, index, 'message', () => field)).ok,
          false,
          `${line.type}, ${Object.keys(field).join()}`,
        );
    });
  });

  it('never throws, however the lines are mixed', () => {
    const stream = (seed: number) => {
      let state = seed;
      return (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
    };
    for (let seed = 0; seed < 150; seed += 1) {
      const draw = stream(seed);
      const mixed = [...lines];
      for (let changes = 0; changes < 4; changes += 1) {
        const other = eventful[draw(eventful.length)]!;
        const line = lines[draw(lines.length)]!;
        mixed.splice(draw(mixed.length), draw(3), draw(2) === 0 ? line : other);
      }
      assert.equal(checkTranscript(mixed).ok, false, `seed ${seed}`);
    }
    assert.equal(checkTranscript([]).ok, false);
  });
});

describe('checkTranscript() on the sparse graph', () => {
  const lines = sparseTranscript();
  const at = placeOf(lines, 'statement-request', 1);
  const body = bodyOf<'statement-request'>(lines[at] as MessageLine);

  function resealedRequest(changes: Partial<typeof body>): Lines {
    const place = { session, round: 1, attempt: 1 };
    const bytes = sealMessage('statement-request', place, { ...body, ...changes }, unsignedSigner(0));
    return changed(lines, at, 'message', () => ({ bytes }));
  }

  it('finds nothing wrong with neighbourhoods and relayed inputs as they must be', () => {
    // there is no lobby without identities
    assert.deepEqual(faultsIn(checkTranscript(lines)), ['lobby-missing']);
  });

  it('finds relayed-inputs-differ: two inputs exchanged', () => {
    const [one, two, ...others] = body.maskedInputs;
    assertFault(resealedRequest({ maskedInputs: [two!, one!, ...others] }), 'relayed-inputs-differ');
  });

  it('finds neighbourhood-starved: 40 survivors, where 56 neighbours are needed', () => {
    const few = Array.from({ length: 40 }, (_, index) => index + 8);
    assertFault(resealedRequest({ u3: encodeClientSet(few, 201) }), 'neighbourhood-starved');
  });
});

/** A round of 201 clients on the sparse graph, made by hand: client 7 vanishes after sharing. Nothing is signed. */
function sparseTranscript(): Lines {
  const n = 201;
  const recorded = new RecordedSession({
    settings: { rounds: 1, signatures: false, serverOptimizer: 'average' },
  });
  const parameters = recorded.parameters(n);
  const members = Array.from({ length: n }, (_, index) => ({
    name: `person ${index + 1}`,
    publicKey: new Uint8Array(0),
  }));
  const nonces = Array.from({ length: n + 1 }, (_, index) => filler(index, 32));
  const roster = {
    session,
    coordinator: new Uint8Array(0),
    transportKey: new Uint8Array(0),
    members,
    parametersDigest: parametersDigest(parameters),
    demonstration: true,
  };
  const epoch = createEpoch(roster, parameters, nonces);
  const position = { session, round: 1, attempt: 1 };
  const place = { epoch: 1, round: 1, attempt: 1 };
  const lines: TranscriptLine[] = [];
  const say = <Type extends TranscriptType>(type: Type, sender: number, body: Body<Type>): Uint8Array => {
    const bytes = sealMessage(type, position, body, unsignedSigner(sender));
    lines.push({ kind: 'message', ...place, type, sender, bytes });
    return bytes;
  };

  const architecture = utf8(canonicalArchitecture(recorded.plan.model.topology));
  const weights = Float32Array.from(
    initialWeights(recorded.plan.model.topology, recorded.plan.settings.seed),
  );
  const model = modelHash(architecture, new Uint8Array(weights.buffer));
  say('announcement', 0, {
    parameters: epoch.parametersDigest,
    roster: epoch.rosterDigest,
    model,
    modelBytes: 0,
  });
  const context = contextDigest({
    ...position,
    rosterDigest: epoch.rosterDigest,
    parametersDigest: epoch.parametersDigest,
    model,
  });
  const adverts = epoch.everyone.map((client) => {
    const [channelKey, maskKey] = [filler(1000 + client, 32), filler(2000 + client, 32)];
    // below 2^255 - 19, whatever the rest
    channelKey[31]! &= 0x3f;
    maskKey[31]! &= 0x3f;
    return advertDigest(say('key-advert', client, { channelKey, maskKey, context }));
  });
  const u1 = advertsDigest(adverts);
  lines.push({ kind: 'sharers', ...place, clients: encodeClientSet(epoch.everyone, n) });
  const u2 = clientSetDigest(epoch.everyone, n);
  const u3 = epoch.everyone.filter((client) => client !== 7);
  const maskedInputs = u3.map((client) =>
    say('masked-input', client, { vector: filler(client, 32), vectorBytes: epoch.vectorBytes, u1, u2 }),
  );
  say('statement-request', 0, { u3: encodeClientSet(u3, n), maskedInputs });
  const digest = statementDigest(context, u1, epoch.everyone, u3, n);
  for (const client of u3) say('statement', client, { digest });
  // nothing has moved: everyone brought a weight of 1
  const sum = new Int32Array(parameters.vectorLength);
  sum[parameters.parameterCount] = u3.length;
  sum[parameters.vectorLength - 1] = u3.length;
  say('result', 0, { model, modelBytes: 0 });
  const row = { ...recorded.row(), demonstration: true };
  const source = {
    ...recorded.source(),
    messages: () => [].values(),
    epochs: () => [],
    completedRounds: () => [],
  };
  const [head, planLine] = auditLines(source, row, '0.1.0');
  return recounted([
    head!,
    planLine!,
    {
      kind: 'epoch',
      epoch: 1,
      coordinator: roster.coordinator,
      transportKey: roster.transportKey,
      members,
      parameters,
      nonces,
      compared: true,
    },
    ...lines,
    { kind: 'aggregate', ...place, numbers: 'int32', sum: new Uint8Array(sum.buffer) },
    {
      kind: 'result',
      epoch: 1,
      round: 1,
      finishedAt: '',
      accuracy: 0.5,
      f1Weighted: 0.5,
      loss: 1,
      clippedRate: 0,
      clients: { advertised: n, shared: n, masked: n - 1, unmasked: n - 1 },
      reported: { loss: 0, accuracy: 0, examples: n - 1, selected: n - 1 },
    },
    { kind: 'end', lines: 0 },
  ]);
}

describe('formatLine() and transcriptLineSchema', () => {
  it('write and read every line', () => {
    for (const line of eventful)
      assert.deepEqual(transcriptLineSchema.parse(JSON.parse(formatLine(line))), line);
  });

  it('write a Buffer as base64 like any byte array', () => {
    const line: TranscriptLine = {
      kind: 'sharers',
      epoch: 1,
      round: 1,
      attempt: 1,
      clients: Buffer.from([1, 2]),
    };
    assert.match(formatLine(line), /"clients":"AQI="/);
  });

  const sharers = { kind: 'sharers', epoch: 1, round: 1, attempt: 1, clients: 'AQ==' };
  const refused: readonly (readonly [string, unknown])[] = [
    ['base64 with bits left over', { ...sharers, clients: 'AR==' }],
    ['base64 without padding', { ...sharers, clients: 'AQ' }],
    ['base64 with spaces', { ...sharers, clients: 'AQ= =' }],
    ['a field too many', { ...sharers, more: 1 }],
    ['a field too few', { kind: 'sharers' }],
    ['an unknown kind', { kind: 'reveal' }],
    [
      'a message that no transcript holds',
      { kind: 'message', epoch: 1, round: 1, attempt: 1, type: 'reveal', sender: 1, bytes: '' },
    ],
    ['epoch 0', { ...sharers, epoch: 0 }],
  ];
  for (const [name, value] of refused)
    it(`refuse ${name}`, () => {
      assert.equal(transcriptLineSchema.safeParse(value).success, false);
    });
});
