/** Hundreds of participants, a tenth of whom vanishes in every round, on the sparse graph. */
import { playCrowd } from './crowd-room.ts';
import type { SoakOptions, SoakPart } from './part.ts';

const rounds = 3;

export async function soakCrowd({ members, onProgress }: SoakOptions): Promise<SoakPart> {
  const violations: string[] = [];
  const figures: Record<string, string | number> = { members, rounds };
  const startedAt = performance.now();
  const {
    outcome,
    members: endings,
    vanished,
    parameters,
    errors,
  } = await playCrowd({
    members,
    rounds,
    processes: 4,
    everyNthVanishes: 10,
    onRound: ({ round, event, megabytes, peakMegabytes }) => {
      const { clients, dropped, ms, attempts } = event as unknown as {
        readonly clients: { readonly masked: number };
        readonly dropped: readonly number[];
        readonly ms: { readonly coordinator: number; readonly total: number };
        readonly attempts: number;
      };
      const text = `${clients.masked} masked, ${dropped.length} dropped, ${attempts} attempts, ${(ms.total / 1000).toFixed(1)} s, coordinator ${(ms.coordinator / 1000).toFixed(2)} s of processor time, ${megabytes.toFixed(0)} MB resident (peak ${peakMegabytes.toFixed(0)})`;
      figures[`round ${round}`] = text;
      onProgress(`crowd, round ${round}: ${text}`);
      const expected = Math.floor(members / 10);
      if (Math.abs(dropped.length - expected) > 1)
        violations.push(`round ${round}: ${dropped.length} dropped where ${expected} vanished`);
    },
  });
  figures['parameters'] = parameters;
  figures['vanished'] = vanished;
  figures['outcome'] = outcome;
  figures['seconds'] = Math.round((performance.now() - startedAt) / 1000);
  if (outcome !== 'finished') violations.push(`the session ended ${outcome}: ${errors}`);
  if ((endings['finished'] ?? 0) !== members)
    violations.push(`not every member finished: ${JSON.stringify(endings)}`);
  return { name: 'crowd', figures, violations };
}
