/** A blind vote: pictures in an order that nobody knows, hands counted, and what the room was right about. */
import type { AttackImage } from '../../core/contract/attacks/attack-report.ts';
import type { Candidates } from './lab-scene.ts';

export interface Vote {
  /** Ids of images in the order in which they were shown; the first is picture A. */
  readonly order: readonly string[];
  /** Which private image it is about. */
  readonly index: number;
  /** By id. */
  readonly counts: Readonly<Record<string, number>>;
  readonly revealed: boolean;
}

/** The most that one click or one ballot can make of a picture's count. */
const mostVotes = 999;

/** What the room can choose from: the rebuilt picture among baselines that might be taken for it. [] where there is none. */
export function choicesOf({ rebuilt, baselines }: Candidates): readonly AttackImage[] {
  if (rebuilt === null) return [];
  const others = (['classMean', 'nearestOther', 'globalMean'] as const).flatMap(
    (name) => baselines.find((baseline) => baseline.name === name)?.image ?? [],
  );
  return others.length === 0 ? [] : [rebuilt, ...others];
}

/** random: uniform in [0, 1). */
export function openVote(choices: readonly AttackImage[], random: () => number): Vote {
  const order = choices.map(({ id }) => id);
  // Fisher and Yates, so that no place is likelier than another
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  const counts = Object.fromEntries(order.map((id) => [id, 0]));
  return { order, index: choices[0]?.index ?? 0, counts, revealed: false };
}

/** by: 1 or -1 for a hand that was counted; whoever collects ballots may add more. */
export function countVote(vote: Vote, id: string, by: number): Vote {
  const before = vote.counts[id];
  if (before === undefined) return vote;
  return { ...vote, counts: { ...vote.counts, [id]: Math.min(mostVotes, Math.max(0, before + by)) } };
}

export function totalOf({ counts }: Vote): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** What the room's screens have answered so far, by place. */
export function takeBallot(vote: Vote, counts: readonly number[]): Vote {
  if (counts.length !== vote.order.length) return vote;
  return { ...vote, counts: Object.fromEntries(vote.order.map((id, place) => [id, counts[place]!])) };
}
