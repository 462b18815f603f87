/** Tricks of a member whose signature is good. */
import { sha256 } from '../../crypto/hash.ts';
import { slotIndex } from '../../secagg/vector-layout.ts';
import { readMessage, resealed } from '../live-protocol/rewriting.ts';
import { type Played, played, type Stage, type Vectors } from './stage.ts';

/** Two different vectors in one round. */
export function secondVector(stage: Stage): Played {
  const session = stage.open();
  const { room, signerOf } = session;
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (client !== stage.cheater || type !== 'masked-input') return [bytes];
      const { attachment } = readMessage(room.epoch, type, bytes);
      const vector = attachment.with(0, attachment[0]! ^ 1);
      const other = resealed(room.epoch, type, bytes, signerOf(client), {
        body: (body) => ({ ...body, vector: sha256(vector) }),
        attachment: () => vector,
      });
      return [bytes, other];
    },
  };
  const { aggregate } = room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  return played(stage, session, aggregate !== undefined && stage.isWrong(aggregate, session.vectors));
}

/** More images than anybody can have, so that everybody else counts for nothing. */
export function inflateCount(stage: Stage): Played {
  const { parameterCount, weightCap, clients } = stage.parameters;
  return play(stage, (client, round) => {
    const vector = stage.honestVector(client, round);
    const place = slotIndex(parameterCount, 'exampleCount');
    return client === stage.cheater ? vector.with(place, weightCap * clients) : vector;
  }).played;
}

export interface Poisoned {
  readonly played: Played;
  /** By how much the mean of a coordinate moved, in units of the clip bound. */
  readonly shift: number;
}

/** The one that nothing of all this can stop: everything signed, everything in its bounds, and all of it made up. */
export function poisonWithinBounds(stage: Stage): Poisoned {
  const { parameterCount, clipBound } = stage.parameters;
  const poison = new Float32Array(parameterCount).fill(clipBound);
  const honest = play(stage, stage.honestVector);
  const poisoned = play(stage, (client, round) =>
    client === stage.cheater ? stage.vectorOf(poison, client, round) : stage.honestVector(client, round),
  );
  const shift = ((poisoned.sum ?? 0) - (honest.sum ?? 0)) / (parameterCount * clipBound);
  return { played: poisoned.played, shift };
}

function play(
  stage: Stage,
  vectors: Vectors,
): { readonly played: Played; /** Of the mean update's coordinates. */ readonly sum: number | undefined } {
  const session = stage.open({ vectors });
  const { aggregate } = session.room.run({ kind: 'begin', round: 1, model: stage.model(1) });
  const sum = aggregate === undefined ? undefined : stage.examine(session, aggregate);
  return { played: played(stage, session, sum !== undefined), sum };
}
