/**
 * Forgery against the live protocol: each trick is really played on the machines of real sessions, once under the
 * protections that were asked for and once with signatures and masks off, and judged by whether it got what it was after, not
 * by whether somebody complained. Rules after Bonawitz et al. 2017, figure 4 and section 6; core/secagg says where it departs.
 *
 * Three tricksters: one who sits on the wire without any key (within the connection: over a network TLS stands before it), a
 * member whose signature is good, and the coordinator. Last comes what no rule of a protocol can refuse: an update within all
 * its bounds, correctly signed, and made up.
 *
 * Keys, identities and masks come from the system's generator, as in a session: no finding depends on them.
 */
import type { z } from 'zod';
import type { AttackFindings, AttackProgress, AttackRow } from '../contract/attacks/attack-report.ts';
import { type forgerySettings, forgeryTricks } from '../contract/attacks/forgery.ts';
import { systemRandom } from '../crypto/random.ts';
import type { Attack } from './attack.ts';
import { poisonWithinBounds } from './forging/participant.ts';
import { type Played, Stage } from './forging/stage.ts';
import { tricks } from './forging/tricks.ts';
import { makePeople } from './live-protocol/people.ts';

const protectionsOff = { signature: false, masks: false };

export const forgery: Attack<z.infer<typeof forgerySettings>> = async function* (input) {
  const { settings, protection, seed } = input;
  const { clients } = settings;
  const people = clients + 1;
  const steps = people + 2 * tricks.length + 2;
  let done = 0;
  const progress = (stage: string, figures: AttackProgress['figures'] = {}): AttackProgress => {
    done += 1;
    return { kind: 'progress', done: Math.min(1, done / steps), stage, figures };
  };

  const making = makePeople(people);
  let made = await making.next();
  for (; made.done !== true; made = await making.next()) {
    done = made.value - 1;
    yield progress('identities');
  }
  const identities = made.value;
  const stageUnder = (kept: typeof protectionsOff): Stage =>
    new Stage({ clients, protection: kept, identities, random: systemRandom, seed });
  const [guarded, bare] = [stageUnder(protection), stageUnder(protectionsOff)];

  let refused = 0;
  let refusedOff = 0;
  for (const { name, by, play } of tricks) {
    const result = play(guarded);
    yield progress('tricks');
    const without = play(bare);
    refused += result.outcome === 'refused' ? 1 : 0;
    refusedOff += without.outcome === 'refused' ? 1 : 0;
    yield { kind: 'rows', rows: [rowOf(name, by, result, without)] };
    yield progress('tricks', { refused });
  }
  const poisoned = poisonWithinBounds(guarded);
  yield progress('tricks');
  const without = poisonWithinBounds(bare);
  yield { kind: 'rows', rows: [rowOf('poison', 'participant', poisoned.played, without.played)] };
  return findings(refused, refusedOff, {
    clients,
    poisonPassed: poisoned.played.outcome === 'passed',
    shift: poisoned.shift,
    signature: protection.signature,
    masks: protection.masks,
  });
};

/** outcome under the protections, who refused and why; off: the outcome without signatures and masks. */
function rowOf(name: string, trickster: string, result: Played, without: Played): AttackRow {
  const { outcome, objection, sum } = result;
  const code = objection?.reason ?? 'too-few-shares';
  const refusal =
    outcome === 'refused'
      ? {
          reason: `why-${code}`,
          by: refuser(objection?.by),
          code,
          phase: objection?.phase ?? 'unmask',
        }
      : {};
  return { name, cells: { trickster, outcome, off: without.outcome, ...refusal, sum: `sum-${sum}` } };
}

/** Where nobody objects and the trick fails all the same, there are too few shares: no quorum is in two sets. */
function refuser(by: number | undefined): string {
  if (by === undefined) return 'quorum';
  return by === 0 ? 'coordinator' : 'client';
}

function findings(refused: number, refusedOff: number, facts: AttackFindings['facts']): AttackFindings {
  const most = forgeryTricks.length;
  const success = refused < most;
  return {
    results: { refused: { value: refused, baselines: { untouched: refusedOff } } },
    success,
    outcome: success ? 'leaks' : 'stopped',
    threshold: { metric: 'refused', value: most - 1, side: 'below' },
    gauges: { stopped: refused / most, epsilon: null, delta: null },
    facts: { ...facts, tricks: most },
  };
}
