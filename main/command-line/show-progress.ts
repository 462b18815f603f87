/** Turns an experiment's progress into lines: those that stay tell each round's steps; one that is redrawn, training. */
import type { RoundResult } from '../../core/contract/run-result.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import type { ExperimentProgress, OnProgress } from '../simulation/progress.ts';
import { privacyFigures } from '../../renderer/wording/privacy.ts';
import { labelled, type Terminal } from './terminal.ts';

/** Refused messages of one round that are named. */
const mostRefused = 5;

export function showProgress(terminal: Terminal, texts: Texts): OnProgress {
  const { t } = texts;
  let roundLabel = '';
  return (progress) => {
    switch (progress.kind) {
      case 'process-replaced':
        terminal.line(t('terminal.replaced', { reason: progress.reason }));
        break;
      case 'identities': {
        const { done, total } = progress;
        if (done === total)
          terminal.line(openingLine(texts, 'terminal.keys', t('terminal.keys.value', { identities: total })));
        else terminal.progress({ label: t('terminal.identities'), share: done / total });
        break;
      }
      case 'words': {
        const words = t('terminal.words.value', { words: progress.words.join(' ') });
        terminal.line(openingLine(texts, 'terminal.words', words));
        break;
      }
      case 'round-started':
        roundLabel = t('terminal.round-of', { round: progress.round, rounds: progress.rounds });
        break;
      case 'training':
        showTraining(terminal, progress, texts, roundLabel);
        break;
      case 'round-finished':
        for (const line of roundLines(progress.result, texts)) terminal.line(line);
        break;
      case 'protocol':
      case 'epoch':
      case 'attempt-started':
      case 'awaits':
      case 'row':
        break;
    }
  };
}

const openingLabels = [
  'terminal.data',
  'terminal.model',
  'terminal.loss',
  'terminal.engine',
  'terminal.keys',
  'terminal.words',
  'terminal.privacy',
] as const;

/** A line of what is said before training: its label, and what there is. */
export function openingLine({ t }: Texts, label: (typeof openingLabels)[number], text: string): string {
  const width = Math.max(...openingLabels.map((key) => t(key).length)) + 3;
  return `${t(label).padEnd(width)}${text}`;
}

function showTraining(
  terminal: Terminal,
  { what, examplesDone, examplesTotal, examplesPerSecond }: Extract<ExperimentProgress, { kind: 'training' }>,
  texts: Texts,
  roundLabel: string,
): void {
  const { t, formats } = texts;
  if (examplesDone >= examplesTotal) {
    terminal.clear();
    return;
  }
  const label = what === 'centralised' || what === 'single-client' ? t(`terminal.${what}`) : roundLabel;
  terminal.progress({
    label,
    share: examplesDone / examplesTotal,
    speed: t('terminal.speed', { speed: formats.number(Math.round(examplesPerSecond)) }),
    secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : undefined,
    texts,
  });
}

/** A finished round, step by step: who did what, what it took, what came out. */
function roundLines(result: RoundResult, texts: Texts): string[] {
  const { t, formats } = texts;
  const { round, attempts, clients, ms, phases, bytesUpPerClient } = result;
  const clientTime = (name: string): string =>
    formats.milliseconds(phases.find(({ phase }) => phase === name)?.clientMs ?? 0);
  const steps: (readonly [label: string, text: string])[] = [];
  if (clients.advertised > 0) {
    steps.push([
      t('terminal.step.keys'),
      t('terminal.keys.text', { clients: clients.advertised, time: clientTime('advertise-keys') }),
    ]);
    steps.push([
      t('terminal.step.shares'),
      t('terminal.shares.text', { clients: clients.shared, time: clientTime('share-keys') }),
    ]);
  }
  steps.push([
    t('terminal.step.training'),
    result.reported === null
      ? t('terminal.training.untold', { time: formats.duration(ms.train / 1000) })
      : t('terminal.training.text', {
          images: Math.round(result.reported.examples),
          time: formats.duration(ms.train / 1000),
        }),
  ]);
  steps.push([
    t('terminal.step.vectors'),
    t('terminal.vectors.text', {
      clients: clients.masked,
      bytes: formats.bytes(bytesUpPerClient.mean),
      time: clientTime('masked-input'),
    }),
  ]);
  if (clients.unmasked > 0)
    steps.push([
      t('terminal.step.unmask'),
      t('terminal.unmask.text', { clients: clients.unmasked, sum: exactness(result, texts) }),
    ]);
  const { privacy } = result;
  if (privacy !== undefined)
    steps.push([
      t('terminal.step.noise'),
      t('terminal.noise.text', { ...privacyFigures(privacy, texts), excess: formats.number(privacy.excess) }),
    ]);
  if (result.dropped.length > 0)
    steps.push([
      t('terminal.step.left'),
      t('terminal.left.text', { count: result.dropped.length, clients: result.dropped.join(', ') }),
    ]);
  for (const { client, phase, reason } of result.refused.slice(0, mostRefused))
    steps.push([
      t('terminal.step.refused'),
      client === 0
        ? t('terminal.refused.coordinator', { phase, reason })
        : t('terminal.refused.client', { client, phase, reason }),
    ]);
  const { score } = formats;
  steps.push([
    t('terminal.step.model'),
    t('terminal.model.text', {
      accuracy: score(result.accuracy),
      f1: score(result.f1Weighted),
      loss: score(result.loss),
    }),
  ]);
  steps.push([
    t('terminal.step.time'),
    t('terminal.time.text', {
      time: formats.duration(ms.total / 1000),
      client: formats.milliseconds(ms.client),
      coordinator: formats.milliseconds(ms.coordinator),
    }),
  ]);
  const heading =
    attempts > 1 ? t('terminal.round-attempts', { round, attempts }) : t('terminal.round', { round });
  return [heading, ...labelled(steps).map((line) => `  ${line}`)];
}

function exactness({ exactSum }: RoundResult, { t }: Texts): string {
  if (exactSum === null) return t('terminal.sum.floats');
  return exactSum ? t('terminal.sum.exact') : t('terminal.sum.different');
}
