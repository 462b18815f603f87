/** Turns an experiment's progress into lines: those that stay tell each round's steps; one that is redrawn, training. */
import type { RoundResult } from '../../core/contract/run-result.ts';
import type { ExperimentProgress, OnProgress } from '../simulation/progress.ts';
import { formatDuration, type Terminal } from './terminal.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en');
const kilobytes = (bytes: number): string => `${count(bytes / 1000)} kB`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

export function showProgress(terminal: Terminal): OnProgress {
  return (progress) => {
    switch (progress.kind) {
      case 'note':
        terminal.line(progress.text);
        break;
      case 'identities':
        if (progress.done === progress.total)
          terminal.line(`Keys      ${progress.total} RSA identities made`);
        else terminal.progress({ label: 'RSA identities', share: progress.done / progress.total });
        break;
      case 'words':
        terminal.line(`Words     ${progress.words.join(' ')} (in a room, everyone compares them)`);
        break;
      case 'training':
        showTraining(terminal, progress);
        break;
      case 'round-finished':
        for (const line of roundLines(progress.result)) terminal.line(line);
        break;
      case 'round-started':
      case 'protocol':
        break;
    }
  };
}

function showTraining(
  terminal: Terminal,
  { what, examplesDone, examplesTotal, examplesPerSecond }: Extract<ExperimentProgress, { kind: 'training' }>,
): void {
  if (examplesDone >= examplesTotal) {
    terminal.clear();
    return;
  }
  terminal.progress({
    label: what,
    share: examplesDone / examplesTotal,
    speed: `${count(examplesPerSecond)} images/s`,
    secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : undefined,
  });
}

/** A finished round, step by step: who did what, what it took, what came out. */
function roundLines(result: RoundResult): string[] {
  const { clients, ms, phases, bytesUpPerClient } = result;
  const clientMs = (name: string): string => {
    const phase = phases.find((candidate) => candidate.phase === name);
    return `${(phase?.clientMs ?? 0).toFixed(1)} ms each`;
  };
  const step = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`;
  const lines = [`Round ${result.round}${result.attempts > 1 ? ` (${result.attempts} attempts)` : ''}`];
  if (clients.advertised > 0) {
    lines.push(
      step('keys', `${clients.advertised} clients advertised two fresh keys, ${clientMs('advertise-keys')}`),
    );
    lines.push(
      step('shares', `${clients.shared} shared their secrets in encrypted pieces, ${clientMs('share-keys')}`),
    );
  }
  lines.push(step('training', `${count(result.reported.examples)} images, ${seconds(ms.train)}`));
  lines.push(
    step(
      'vectors',
      `${clients.masked} sent and verified, ${kilobytes(bytesUpPerClient.mean)} a client, ${clientMs('masked-input')}`,
    ),
  );
  if (clients.unmasked > 0)
    lines.push(
      step('unmask', `${clients.unmasked} signed who is in and revealed shares; ${exactness(result)}`),
    );
  if (result.dropped.length > 0)
    lines.push(step('vanished', `${result.dropped.length}: ${result.dropped.join(', ')}`));
  for (const { client, phase, reason } of result.refused.slice(0, 5))
    lines.push(
      step('refused', `${client === 0 ? 'coordinator' : `client ${client}`} in ${phase}: ${reason}`),
    );
  lines.push(
    step(
      'model',
      `accuracy ${result.accuracy.toFixed(4)}, F1 ${result.f1Weighted.toFixed(4)}, loss ${result.loss.toFixed(4)}`,
    ),
  );
  lines.push(
    step(
      'time',
      `${formatDuration(ms.total / 1000)}; protocol ${ms.client.toFixed(0)} ms a client, ${ms.coordinator.toFixed(0)} ms coordinator`,
    ),
  );
  return lines;
}

function exactness({ exactSum }: RoundResult): string {
  if (exactSum === null) return 'sums of floats';
  return exactSum ? 'the sum is exact, element by element' : 'THE SUM DIFFERS from the sum of the inputs';
}
