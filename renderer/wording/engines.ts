/** Engines in words: which trains and why, what was measured, how many processes and why no more. */
import {
  type EngineReason,
  type EngineSpeed,
  engineText,
  type EngineUsed,
  type ProcessPlan,
} from '../../core/contract/engines.ts';
import type { SessionResult } from '../../core/contract/session-result.ts';
import type { Texts } from '../messages/translate.ts';

/** engine: as results name it. */
export function reasonSentence(
  engine: string,
  reason: EngineReason,
  speeds: readonly EngineSpeed[],
  texts: Texts,
): string {
  const { t } = texts;
  switch (reason.kind) {
    case 'asked':
      return t('engine.asked', { engine });
    case 'only':
      return t('engine.only', { engine, reason: reason.refusal });
    case 'fastest':
      // of one alone nothing can be said
      return speeds.length < 2 ? engine : t('engine.measured', { engine, speeds: speedsText(speeds, texts) });
  }
}

/** 'compiled 5,412, wasm 430', the fastest first. */
export function speedsText(speeds: readonly EngineSpeed[], { t, formats }: Texts): string {
  return speeds
    .toSorted((one, other) => other.imagesPerSecond - one.imagesPerSecond)
    .map(({ engine, imagesPerSecond }) =>
      t('engine.speed', { engine, speed: formats.number(Math.round(imagesPerSecond)) }),
    )
    .join(', ');
}

export function processesText(plan: ProcessPlan, { t, formats }: Texts): string {
  const { processes: count, reason, freeBytes, bytesEach, onBattery } = plan;
  const processes =
    reason === 'memory'
      ? t('engine.processes.memory', {
          count,
          free: formats.bytes(freeBytes),
          each: formats.bytes(bytesEach),
        })
      : t(`engine.processes.${reason}`, { count });
  return onBattery ? t('engine.on-battery', { processes }) : processes;
}

/** What trained in a session as far as this machine can say. */
export function sessionEngine({ engine }: Pick<SessionResult, 'engine'>, { t }: Texts): string {
  return engine === undefined ? t('engine.mixed') : t('engine.session', { engine });
}

/** The whole decision, before anything is trained: 'compiled (relaxed SIMD); 2 processes, one a core'. */
export function engineSentence(used: EngineUsed, texts: Texts): string {
  const { reason = { kind: 'fastest' }, speeds = [], plan } = used;
  const engine = reasonSentence(engineText(used), reason, speeds, texts);
  if (plan === undefined) return engine;
  return texts.t('engine.with-processes', { engine, processes: processesText(plan, texts) });
}
