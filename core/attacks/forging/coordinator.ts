/**
 * Tricks of the coordinator, which everybody must trust to relay: each is after one person's update, which where nothing
 * is masked lies open anyway. The one with keys is in key-swap.ts.
 */
import { type SharePair, shareBytes } from '../../secagg/key-schedule.ts';
import { parametersDigest } from '../../secagg/parameters.ts';
import { decodeClientSet, encodeClientSet } from '../../wire/client-set.ts';
import { sealMessage, type Signer } from '../../wire/envelope.ts';
import { readMessage, resealed } from '../live-protocol/rewriting.ts';
import { type Played, played, type Session, type Stage, victim } from './stage.ts';

/** Fewer than anybody's floors allow. */
const tooFew = 2;

/** Signs whatever it likes in anybody's name, with the only key that the coordinator has. */
export function inNameOf(sender: number, { signerOf }: Session): Signer {
  return { sender, sign: (...parts) => signerOf(0).sign(...parts) };
}

/** Nothing is masked: the update is read as it arrives. */
export function readOpenly(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const read = room.sentBy(victim, 'masked-input').some((bytes) => stage.liesOpen(session, bytes, victim, 1));
  const result = played(stage, session, read);
  return read ? { ...result, outcome: 'open' } : result;
}

/**
 * Two sets of survivors at once, one with the victim and one without, to be told both shares of its secrets; with statements
 * in the members' names for whoever asks. Passes when enough of both are there.
 */
export function askForBothShares(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const { everyone } = room.epoch;
  const half = new Set(everyone.slice(0, Math.ceil(everyone.length / 2)));
  const without = everyone.filter((client) => client !== victim);
  const setFor = (client: number): readonly number[] => (half.has(client) ? everyone : without);
  const statements = new Map<number, Uint8Array>();
  room.tamper = {
    toClient: (client, bytes, type) =>
      type === 'statement-request'
        ? [
            resealed(room.epoch, type, bytes, inNameOf(0, session), {
              body: (body) => ({ ...body, u3: encodeClientSet(setFor(client), everyone.length) }),
            }),
          ]
        : [bytes],
    toCoordinator: (client, bytes, type) => {
      if (type === 'statement') statements.set(client, bytes);
      return type === 'statement' ? [] : [bytes];
    },
  };
  room.stepCoordinator({ kind: 'begin', round: 1, model: stage.model(1) });
  room.deliver();
  for (const client of everyone) {
    const own = statements.get(client);
    if (own === undefined) continue;
    const quorum = setFor(client).slice(0, stage.parameters.threshold);
    const signed = quorum.map((member) => statementOf(member, own, half.has(member) === half.has(client)));
    const position = { session: room.epoch.roster.session, round: 1, attempt: 1 };
    const bytes = sealMessage('signed-statements', position, { statements: signed }, inNameOf(0, session));
    room.stepClient(client, { kind: 'message', bytes });
  }
  /** A real one where the member was told the same; the question's own digest in its name otherwise. */
  function statementOf(member: number, own: Uint8Array, sameSet: boolean): Uint8Array {
    const real = statements.get(member);
    return sameSet && real !== undefined
      ? real
      : resealed(room.epoch, 'statement', own, inNameOf(member, session), {});
  }
  const counted = countShares(session, half);
  const { neighbourThreshold } = stage.parameters;
  return played(
    stage,
    session,
    counted.selfMask >= neighbourThreshold && counted.maskKey >= neighbourThreshold,
  );
}

/** Shares of the victim's self mask, and of its mask key, that the members have revealed. */
function countShares({ room }: Session, half: ReadonlySet<number>): Record<keyof SharePair, number> {
  const counted = { selfMask: 0, maskKey: 0 };
  for (const client of room.epoch.everyone) {
    for (const bytes of room.sentBy(client, 'reveal')) {
      const { dealers, shares: revealed } = readMessage(room.epoch, 'reveal', bytes).body;
      const listed = decodeClientSet(dealers, room.epoch.everyone.length) ?? [];
      const place = listed.indexOf(victim);
      if (place < 0 || revealed.length < shareBytes * (place + 1)) continue;
      counted[half.has(client) ? 'selfMask' : 'maskKey'] += 1;
    }
  }
  return counted;
}

/**
 * A sum without the victim after one with it: the difference is the victim's. The coordinator forgets what was signed, and
 * says that the round must be tried again.
 */
export function sumAgain(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const model = stage.model(1);
  const first = room.run({ kind: 'begin', round: 1, model }).aggregate;
  const record = { round: 1, attempt: 1, signed: null, closed: 0 };
  room.coordinator = { phase: 'idle', record, retry: { model, rule: 'allowed' } };
  room.dropAt = new Map([[victim, 'masked-input']]);
  const before = room.objections.length;
  const second = room.run({ kind: 'retry' }).aggregate;
  const own = stage.exactSum(session.vectors, [victim], 1);
  const difference = first?.sum.map((value, index) => value - (second?.sum[index] ?? value));
  const passed =
    difference !== undefined &&
    second !== undefined &&
    own.every((value, index) => value === difference[index]);
  return played(stage, session, passed, room.objections.slice(before));
}

/** Another threshold than everybody has agreed to, announced with a round. */
export function lowerThreshold(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const parameters = parametersDigest({ ...stage.parameters, threshold: tooFew, neighbourThreshold: tooFew });
  room.tamper = {
    toClient: (_client, bytes, type) =>
      type === 'announcement'
        ? [
            resealed(room.epoch, type, bytes, inNameOf(0, session), {
              body: (body) => ({ ...body, parameters }),
            }),
          ]
        : [bytes],
  };
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const taken = room.epoch.everyone.some((client) => room.sentBy(client, 'key-advert').length > 0);
  return played(stage, session, taken);
}

/** A threshold that everybody is shown from the beginning, and that lets two unmask a sum. */
export function planWeakly(stage: Stage): Played {
  const session = stage.open({ parameters: { threshold: tooFew, neighbourThreshold: tooFew } });
  const { room } = session;
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const taken = room.epoch.everyone.some((client) => room.sentBy(client, 'key-advert').length > 0);
  return played(stage, session, taken);
}

/** Claims that all but two have vanished: their sum is nearly one person's update. */
export function claimDropouts(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const { everyone } = room.epoch;
  const told = everyone.slice(0, tooFew);
  room.tamper = {
    toClient: (client, bytes, type) => {
      if (type !== 'statement-request') return [bytes];
      if (!told.includes(client)) return [];
      return [
        resealed(room.epoch, type, bytes, inNameOf(0, session), {
          body: (body) => ({ ...body, u3: encodeClientSet(told, everyone.length) }),
        }),
      ];
    },
  };
  room.stepCoordinator({ kind: 'begin', round: 1, model: stage.model(1) });
  room.deliver();
  return played(
    stage,
    session,
    told.every((client) => room.sentBy(client, 'statement').length > 0),
  );
}
