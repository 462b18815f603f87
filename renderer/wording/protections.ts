/** What the protections of a run do, in a sentence. */
import { clientCount, type FederatedRun, protectionsOf } from '../../core/results/figures.ts';
import type { Texts } from '../messages/translate.ts';

export function protectionSentence(run: FederatedRun, texts: Texts): string {
  const protections = protectionsOf(run.settings);
  return protections === 'none' || protections === 'signed-only'
    ? texts.t(`protections.do.${protections}`)
    : texts.t(`protections.do.${protections}`, { even: evenWith(run, texts) });
}

/**
 * On the complete graph a third may collude, the coordinator among them; on the sparse one the share that its sizes
 * were computed for.
 */
function evenWith(run: FederatedRun, { t, formats }: Texts): string {
  const { settings, resolved } = run;
  if (resolved?.graph === 'sparse')
    return t('protections.even.share', {
      share: formats.percent(Number.parseInt(settings.tolerate, 10) / 100),
    });
  const colluders = Math.floor(clientCount(run) / 3) - 1;
  return colluders < 1 ? '' : t('protections.even', { count: colluders });
}
