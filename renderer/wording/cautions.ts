/** Whatever a reader must know before the figures of a run: that it is partial, unprotected, not exact, a demonstration. */
import type { SessionResult } from '../../core/contract/session-result.ts';
import { noiseBurden, noiseHarm } from '../../core/results/noise-harm.ts';
import { type FederatedRun, isPartial, protectionsOf, ranges } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';
import { normText } from './privacy.ts';

/** More than this share of clipped values is worth a warning. */
const clippedWarning = 1e-4;

export interface Caution {
  /** refused: do not take the figures for what they are not; clear: data that somebody could read. */
  readonly kind: 'refused' | 'clear';
  readonly title: string;
  readonly text: string;
}

export function cautionsOf(run: FederatedRun, texts: Texts): readonly Caution[] {
  const { t, formats } = texts;
  const { settings, rounds } = run;
  const found: Caution[] = [];
  if (isPartial(run)) {
    const title = t(rounds.length === 0 ? 'banner.empty' : 'banner.partial');
    found.push({ kind: 'refused', title, text: partialText(run, texts) });
  }
  if (run.kind === 'session') found.push(...sessionCautions(run, texts));
  const wrong = rounds
    .filter((round) => 'exactSum' in round && round.exactSum === false)
    .map((round) => round.round);
  if (wrong.length > 0)
    found.push({
      kind: 'refused',
      title: t('banner.not-exact'),
      text: t('banner.not-exact.text', { rounds: ranges(wrong).join(', ') }),
    });
  const protections = protectionsOf(settings);
  if (!settings.masks)
    found.push({ kind: 'clear', title: t('banner.no-masks'), text: t('banner.no-masks.text') });
  if (protections === 'none' || protections === 'masked-only')
    found.push({ kind: 'clear', title: t('banner.no-signatures'), text: t('banner.no-signatures.text') });
  const clipped = rounds
    .filter((round) => (round.clippedRate ?? 0) > clippedWarning)
    .map((round) => round.round);
  const noises = rounds.flatMap(({ privacy }) =>
    privacy === undefined ? [] : [privacy.noiseNorm / privacy.clippingNorm],
  );
  const most = Math.max(0, ...noises);
  const each = most / Math.sqrt(run.model.parameters);
  const harm = noiseHarm(noiseBurden(each, Math.max(1, noises.length)));
  if (harm !== 'little')
    found.push({
      kind: 'refused',
      title: t(`banner.noise.${harm}`),
      text: t('banner.noise.text', {
        noise: formats.number(most),
        each: normText(each, texts),
        count: noises.length,
      }),
    });
  if (clipped.length > 0)
    found.push({
      kind: 'refused',
      title: t('banner.clipped'),
      text: t('banner.clipped.text', {
        rounds: ranges(clipped).join(', '),
        bound: formats.fixed(run.resolved?.clipBound ?? 0, 4),
      }),
    });
  return found;
}

/** What ended the run early, and what the figures are then. */
function partialText({ ended, rounds, kind }: FederatedRun, { t }: Texts): string {
  const where = rounds.length === 0 ? 'banner.empty' : 'banner.partial';
  if (ended === 'cancelled') return t(`${where}.cancelled`);
  if (kind === 'session' && (ended === 'stopped' || ended === 'left' || ended === 'unfinished'))
    return t(`${where}.${ended}`);
  return t(`${where}.aborted`, { code: String(ended) });
}

/** What whoever reads a session's figures must know of the people behind them. */
function sessionCautions({ session }: SessionResult, { t }: Texts): readonly Caution[] {
  const { demonstration, identitiesCompared, members, role } = session;
  const found: Caution[] = [];
  if (members.length > 0 && !identitiesCompared)
    found.push({
      kind: 'clear',
      title: t('banner.not-compared'),
      text: t(`banner.not-compared.${role}`),
    });
  if (demonstration)
    found.push({ kind: 'clear', title: t('banner.demonstration'), text: t('banner.demonstration.text') });
  return found;
}

/** Whose session, and on whose machine this was kept. */
export function keptBy({ session }: SessionResult, { t }: Texts): string {
  const { title, role, own, members } = session;
  const name = members.find(({ number }) => number === own)?.name;
  if (role === 'coordinator') return t('report.kept.coordinator', { title });
  return name === undefined
    ? t('report.kept.participant', { title })
    : t('report.kept.by', { title, name, number: own ?? 0 });
}
