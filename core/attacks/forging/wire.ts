/** Tricks of somebody who sits on the wire, or at another's place, and has no key but perhaps its own. */
import { sha256 } from '../../crypto/hash.ts';
import { modelHash } from '../../secagg/context.ts';
import { altered, readMessage, resealed } from '../live-protocol/rewriting.ts';
import { architecture, type Played, played, type Session, type Stage, victim } from './stage.ts';

/** The sum holds other numbers than its clients put in. */
function poisonedSum(stage: Stage, session: Session): Played {
  const { aggregate } = session.room.outcome;
  return played(stage, session, aggregate !== undefined && stage.isWrong(aggregate, session.vectors));
}

/** One bit of the victim's vector, and the digest that goes with it. */
export function tamperWithVector(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client !== victim || type !== 'masked-input') return [bytes];
      const { attachment } = readMessage(room.epoch, type, bytes);
      const vector = attachment.with(0, attachment[0]! ^ 1);
      return [
        altered(room.epoch, type, bytes, {
          body: (body) => ({ ...body, vector: sha256(vector) }),
          attachment: () => vector,
        }),
      ];
    },
  };
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return poisonedSum(stage, session);
}

/** One bit of the model that the victim is sent, and the hash that goes with it. */
export function tamperWithModel(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  const model = stage.model(1);
  const weights = model.weights.with(0, model.weights[0]! ^ 1);
  room.tamper = {
    toClient: (client, bytes, type) =>
      client === victim && type === 'announcement'
        ? [
            altered(room.epoch, type, bytes, {
              body: (body) => ({ ...body, model: modelHash(architecture, weights) }),
              attachment: () => weights,
            }),
          ]
        : [bytes],
  };
  const { aggregate } = room.run({ kind: 'begin', round: 1, model });
  const trained = room
    .desk(victim)
    .effects.some((effect) => effect.kind === 'train' && effect.weights[0] === weights[0]);
  return played(stage, session, trained && aggregate?.u3.includes(victim) === true);
}

/** The victim's message twice, so that it counts twice. */
export function replayInRound(stage: Stage): Played {
  const session = stage.open();
  session.room.tamper = {
    toCoordinator: (client, bytes, type) =>
      client === victim && type === 'masked-input' ? [bytes, bytes] : [bytes],
  };
  session.room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return poisonedSum(stage, session);
}

/** The victim's message of the round before in place of this round's: as it was, then with its round rewritten. */
export function replayOldRound(stage: Stage): Played {
  const session = stage.open();
  const { room } = session;
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const [old] = room.sentBy(victim, 'masked-input');
  room.run({ kind: 'publish', model: stage.model(2) });
  return replayed(stage, session, old!, 2);
}

/** The victim's message of another session of the same people: as it was, then with its session rewritten. */
export function replayOtherSession(stage: Stage): Played {
  const other = stage.open();
  other.room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const [old] = other.room.sentBy(victim, 'masked-input');
  const vectors = (client: number, round: number) => stage.honestVector(client, round + 1);
  return replayed(stage, stage.open({ vectors }), old!, 1);
}

function replayed(stage: Stage, session: Session, old: Uint8Array, round: number): Played {
  const { room } = session;
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client !== victim || type !== 'masked-input') return [bytes];
      const { u1, u2 } = readMessage(room.epoch, type, bytes).body;
      const { session: id } = room.epoch.roster;
      const body = <Body extends object>(before: Body): Body => ({ ...before, u1, u2 });
      return [old, altered(room.epoch, type, old, { body, session: id, round })];
    },
  };
  room.run({ kind: 'begin', round, model: stage.model(round) });
  return poisonedSum(stage, session);
}

/** A vector of the cheater's in the victim's name, signed with the cheater's key, on the victim's own connection. */
export function forge(stage: Stage): Played {
  const session = stage.open();
  session.room.tamper = {
    toCoordinator: (client, bytes, type) =>
      client === victim && type === 'masked-input' ? [inVictimsName(stage, session, bytes), bytes] : [bytes],
  };
  session.room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return poisonedSum(stage, session);
}

/** The same over the cheater's connection. */
export function impersonate(stage: Stage): Played {
  const session = stage.open();
  const { room, signerOf } = session;
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client !== stage.cheater || type !== 'masked-input') return [bytes];
      const own = resealed(room.epoch, type, bytes, signerOf(stage.cheater), {});
      return [inVictimsName(stage, session, bytes), own];
    },
  };
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return poisonedSum(stage, session);
}

function inVictimsName(stage: Stage, { room, signerOf }: Session, bytes: Uint8Array): Uint8Array {
  const cheater = signerOf(stage.cheater);
  const signer = { sender: victim, sign: (...parts: readonly Uint8Array[]) => cheater.sign(...parts) };
  const { attachment } = readMessage(room.epoch, 'masked-input', bytes);
  const vector = attachment.with(0, attachment[0]! ^ 1);
  return resealed(room.epoch, 'masked-input', bytes, signer, {
    body: (body) => ({ ...body, vector: sha256(vector) }),
    attachment: () => vector,
  });
}

/** Somebody who is in no list sends a vector under a number of its own. */
export function stranger(stage: Stage): Played {
  const session = stage.open();
  const { room, signerOf } = session;
  const number = stage.clients + 1;
  const cheater = signerOf(stage.cheater);
  const signer = { sender: number, sign: (...parts: readonly Uint8Array[]) => cheater.sign(...parts) };
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client === victim && type === 'masked-input') {
        const message = resealed(room.epoch, type, bytes, signer, {});
        room.stepCoordinator({ kind: 'message', from: number, bytes: message });
      }
      return [bytes];
    },
  };
  room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return poisonedSum(stage, session);
}
