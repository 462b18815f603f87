/** What a participant's screen says: one sentence, and one more of what it means for this laptop. */
import type { Watched } from '../../../core/contract/watched.ts';
import type { MessageKey, Texts } from '../../messages/translate.ts';
import { type endOf, isWithheld, ownSpoke, type ParticipantMode } from '../../state/participant-view.ts';
import { codeText, outcomeText } from '../../wording/watching/parts.ts';

interface Sentence {
  readonly head: string;
  readonly lead: string;
}

export function waitingSentence(watched: Watched, mode: ParticipantMode, { t }: Texts): Sentence {
  const { lobby, roster, finished } = watched;
  const people = roster?.members.length ?? lobby.names.length;
  switch (mode) {
    case 'finding':
      return { head: t('part.finding'), lead: t('part.finding.lead') };
    case 'words':
      return { head: t('part.words.question'), lead: t('part.words.lead', { count: people }) };
    case 'agreed':
      return roster?.answered === false
        ? { head: t('part.differs'), lead: t('part.differs.lead') }
        : { head: t('part.agreed'), lead: t('part.agreed.lead') };
    default:
      return finished.length > 0
        ? { head: t('part.lobby.again'), lead: t('part.lobby.again.lead') }
        : { head: t('part.lobby'), lead: t('part.lobby.lead', { count: people }) };
  }
}

/** Phases in which the sentence of what happens is the same with and without masks. */
type PhaseKey = Extract<MessageKey, `part.phase.${string}.lead`>;

export function runningSentence(watched: Watched, { t, formats }: Texts): Sentence {
  const { round, settings, finished } = watched;
  const own = ownSpoke(watched);
  if (round === null || own === undefined)
    return { head: t('part.phase.waiting'), lead: t('part.phase.waiting.lead') };
  const result = finished.find((known) => known.round === round.round);
  if (round.endedMs !== null && result !== undefined) {
    const accuracy = formats.percent(result.accuracy);
    return {
      head: t('part.phase.round-over', { accuracy }),
      lead: t('part.phase.round-over.lead', { round: round.round }),
    };
  }
  if (isWithheld(watched)) return { head: t('part.phase.dropped'), lead: t('part.reached') };
  const { phase } = own;
  if (!settings.masks && ['masking', 'signing', 'sending', 'verified'].includes(phase))
    return { head: t('part.phase.unmasked'), lead: t('part.phase.unmasked.lead') };
  if (!settings.masks && phase === 'training')
    return { head: t('part.phase.training'), lead: t('part.phase.training.unmasked') };
  const lead: PhaseKey = `part.phase.${phase}.lead`;
  return { head: t(`part.phase.${phase}`), lead: t(lead) };
}

export function overSentence(watched: Watched, end: ReturnType<typeof endOf>, texts: Texts): Sentence {
  const { t } = texts;
  const { roster, settings, outcome, problem, finished } = watched;
  const people = roster?.members.length ?? 0;
  if (end === 'whole') {
    return {
      head: t('part.done'),
      lead: settings.masks ? t('part.done.lead', { people }) : t('part.done.lead.unmasked', { people }),
    };
  }
  if (end === 'partial') {
    const reason = outcomeText(outcome?.outcome ?? '', texts);
    return {
      head: t('part.done.early', { count: finished.length }),
      lead: t('part.done.early.lead', { reason }),
    };
  }
  const code = outcome?.outcome ?? '';
  if (code === 'left') return { head: t('part.over.left'), lead: t('part.over.nothing') };
  if (code === 'stopped') return { head: t('part.over.stopped'), lead: t('part.over.nothing') };
  const said = problem === null ? undefined : problemText(watched, texts);
  return said === undefined
    ? { head: t('part.over.ended', { reason: outcomeText(code, texts) }), lead: t('part.over.nothing') }
    : { head: said.message, lead: said.hint };
}

/** Codes that have words of their own here. */
const known = [
  'words-differ',
  'too-few-changes',
  'demonstration-refused',
  'data-does-not-fit',
  'session-over',
  'not-noised',
  'plan-refused',
  'client-barred',
  'dataset-missing',
  'file-not-found',
  'class-mismatch',
] as const;
const letIn = ['another-coordinator', 'identity-in-use', 'refused', 'misbehaved', 'removed'] as const;

/** What went wrong, in the person's language, and what to do. */
export function problemText(
  { problem }: Watched,
  texts: Texts,
): { readonly message: string; readonly hint: string } | undefined {
  if (problem === null) return undefined;
  const { t } = texts;
  const code = known.find((name) => name === problem.code);
  if (code !== undefined) return { message: t(`part.problem.${code}`), hint: t(`part.problem.${code}.hint`) };
  if (problem.code === 'not-let-in') {
    const reason = letIn.find((name) => name === problem.reason);
    return reason === undefined
      ? { message: t('part.problem.not-let-in'), hint: codeText(problem.reason ?? '', texts) }
      : {
          message: t(`part.problem.not-let-in.${reason}`),
          hint: t(`part.problem.not-let-in.${reason}.hint`),
        };
  }
  return problem;
}
