/**
 * A round in a few lines: what everyone does shows at one's own machine, elsewhere only what is unusual. One line is redrawn:
 * how many have answered, or this machine's own training.
 */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { SessionEventOf } from '../../core/contract/session-event.ts';
import { codeText } from '../../renderer/wording/watching/parts.ts';
import type { SessionRole } from '../storage/store.ts';
import { noiseLines } from './privacy-lines.ts';
import type { RoomLines } from './room-lines.ts';
import type { SessionColumn } from './session-column.ts';
import { phaseText } from './session-words.ts';
import type { Terminal } from './terminal.ts';

export class RoundLines {
  readonly #terminal: Terminal;
  readonly #role: SessionRole;
  readonly #column: SessionColumn;
  readonly #room: RoomLines;
  #waiting:
    { readonly phase: string; readonly awaited: number; answered: number; endsAt: number } | undefined;

  constructor(terminal: Terminal, role: SessionRole, column: SessionColumn, room: RoomLines) {
    this.#terminal = terminal;
    this.#role = role;
    this.#column = column;
    this.#room = room;
  }

  started({ round, attempt, rounds }: SessionEventOf<'round-started'>): readonly string[] {
    const { t } = this.#column.texts;
    const heading =
      attempt > 1
        ? t('session.round.again', { round, rounds, attempt })
        : t('session.round', { round, rounds });
    return ['', heading];
  }

  phase({ phase, awaited, deadlineMs }: SessionEventOf<'phase'>): readonly string[] {
    const { t, formats } = this.#column.texts;
    const first = this.#waiting?.phase !== phase;
    const endsAt = performance.now() + deadlineMs;
    this.#waiting = first
      ? { phase, awaited, answered: 0, endsAt }
      : { ...this.#waiting!, endsAt: Math.min(this.#waiting!.endsAt, endsAt) };
    this.#showWaiting();
    if (!first || phase !== 'masked-input') return [];
    const time = formats.duration(deadlineMs / 1000);
    return [this.#column.step('session.step.training', t('session.training', { count: awaited, time }))];
  }

  held({ phase }: SessionEventOf<'held'>): readonly string[] {
    const { t } = this.#column.texts;
    if (phase === null) return [];
    this.#terminal.clear();
    return [
      this.#column.step(
        'session.step.held',
        t('session.held', { phase: phaseText(phase, this.#column.texts) }),
      ),
    ];
  }

  training({ round, examplesDone, examplesTotal, examplesPerSecond }: SessionEventOf<'training'>): void {
    const { t, formats } = this.#column.texts;
    if (examplesDone >= examplesTotal) {
      this.#terminal.clear();
      return;
    }
    this.#terminal.progress({
      label: `  ${t('terminal.round', { round })}`,
      share: examplesDone / examplesTotal,
      speed: t('terminal.speed', { speed: formats.number(Math.round(examplesPerSecond)) }),
      secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : undefined,
      texts: this.#column.texts,
    });
  }

  /** demonstration: nothing is masked. */
  masked({ bytes }: SessionEventOf<'masked'>, demonstration: boolean): readonly string[] {
    const { t, formats } = this.#column.texts;
    this.#terminal.clear();
    const key = demonstration ? 'session.masked.demonstration' : 'session.masked';
    return [this.#column.step('session.step.masked', t(key, { bytes: formats.bytes(bytes) }))];
  }

  protocol({ kind, client, phase, detail }: ProtocolEvent): readonly string[] {
    const { t } = this.#column.texts;
    const name = this.#room.nameOf(client);
    const reason = 'reason' in detail ? codeText(String(detail['reason']), this.#column.texts) : '';
    const where = { name, phase: phaseText(phase, this.#column.texts) };
    switch (kind) {
      case 'verified':
        if (this.#waiting?.phase === phase) this.#waiting.answered += 1;
        this.#showWaiting();
        return [];
      case 'dropped':
        return [
          this.#column.step(
            'session.step.left',
            reason === '' ? t('session.left', where) : t('session.left.why', { ...where, reason }),
          ),
        ];
      case 'refused':
        return [this.#column.step('session.step.refused', t('session.refused', { ...where, reason }))];
      case 'recovered':
        return [this.#column.step('session.step.recovered', t('session.recovered', { name }))];
      case 'share-missing':
        return [this.#column.step('session.step.shares', t('session.share-missing', { name }))];
      case 'advertised':
      case 'shared':
      case 'revealed':
        if (this.#role === 'coordinator') return [];
        if (kind === 'shared') return [this.#column.step('session.step.shares', t('session.shares'))];
        if (kind === 'revealed') return [this.#column.step('session.step.revealed', t('session.revealed'))];
        return [this.#column.step('session.step.keys', t('session.keys'))];
      case 'signed':
        if (this.#role === 'coordinator') return [];
        return [
          this.#column.step(
            'session.step.signed',
            t('session.signed', { count: Number(detail['survivors'] ?? 0) }),
          ),
        ];
      default:
        return [];
    }
  }

  aborted({ attempt, reason, retry }: SessionEventOf<'attempt-aborted'>): string {
    const { t } = this.#column.texts;
    return this.#column.step(
      'session.step.aborted',
      t('session.aborted', {
        attempt,
        reason: codeText(reason, this.#column.texts),
        retry: isRetry(retry) ? t(`session.retry.${retry}`) : retry,
      }),
    );
  }

  done(event: SessionEventOf<'round'>): readonly string[] {
    const { t, formats } = this.#column.texts;
    this.#waiting = undefined;
    this.#terminal.clear();
    const { score } = formats;
    const { accuracy, f1Weighted, loss, clients, ms } = event;
    const participants = Math.max(this.#room.members, clients.advertised);
    return [
      this.#column.step(
        'session.step.sum',
        t('session.sum', { masked: clients.masked, participants, signed: clients.unmasked }),
      ),
      ...noiseLines(event.privacy, this.#column),
      this.#column.step(
        'session.step.model',
        t('session.model', { accuracy: score(accuracy), f1: score(f1Weighted), loss: score(loss) }),
      ),
      ...(this.#role === 'coordinator'
        ? [
            this.#column.step(
              'session.step.time',
              t('session.time', {
                time: formats.duration(ms.total / 1000),
                coordinator: formats.milliseconds(ms.coordinator),
              }),
            ),
          ]
        : []),
    ];
  }

  #showWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.awaited === 0) return;
    const { phase, awaited, answered, endsAt } = waiting;
    const { t } = this.#column.texts;
    this.#terminal.progress({
      label: `  ${t('session.awaited', { phase: phaseText(phase, this.#column.texts), answered, awaited })}`,
      share: answered / awaited,
      secondsLeft: (endsAt - performance.now()) / 1000,
      texts: this.#column.texts,
    });
  }
}

const retries = ['allowed', 'same-survivors', 'burnt'] as const;

function isRetry(text: string): text is (typeof retries)[number] {
  return (retries as readonly string[]).includes(text);
}
