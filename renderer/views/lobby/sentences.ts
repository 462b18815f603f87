/** The one sentence of a lobby, and the line under it. */
import type { Watched } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';
import { fewestPeople, type LobbyView } from '../../state/lobby-view.ts';
import { joinNames } from '../../wording/watching/parts.ts';

interface Sentence {
  readonly headline: string;
  readonly lead: string;
}

export function lobbySentence(watched: Watched, view: LobbyView, texts: Texts): Sentence {
  const { t } = texts;
  const here = view.seats.length;
  switch (view.mode) {
    case 'opening':
      return { headline: t('lobby.opening'), lead: t('lobby.opening.lead') };
    case 'empty':
      return {
        headline: t('lobby.empty'),
        lead: watched.lobby.locked ? t('lobby.locked.lead') : t('lobby.empty.lead'),
      };
    case 'open': {
      const seats = view.free > 0 ? ` ${t('lobby.open.free', { count: view.free })}` : '';
      return {
        headline: `${t('lobby.open', { count: here })}${seats}`,
        lead: openLead(watched, view, texts),
      };
    }
    case 'drawing':
      return { headline: t('lobby.drawing'), lead: t('lobby.drawing.lead') };
    case 'words':
      return { headline: t('lobby.closed', { count: here }), lead: wordsLead(view, texts) };
    case 'differs':
      return differsSentence(view, texts);
  }
}

/** How many may leave, as soon as it can be said; before, how many it takes. */
function openLead({ lobby }: Watched, { seats, survives }: LobbyView, { t }: Texts): string {
  if (lobby.locked) return t('lobby.locked.lead');
  if (seats.length < fewestPeople || survives === null) return t('lobby.open.few');
  const room = survives === 0 ? t('lobby.survives.none') : t('lobby.survives', { count: survives });
  return `${t('lobby.open.lead')} ${room}`;
}

function wordsLead({ agreed, comparing, seats }: LobbyView, texts: Texts): string {
  const { t } = texts;
  if (comparing.length === 0) return t('lobby.compared.all', { count: seats.length });
  if (agreed > 0) {
    const names = joinNames(comparing, comparing.length, texts);
    return t('lobby.compared.names', { count: comparing.length, names });
  }
  return t('lobby.compared.none');
}

function differsSentence({ differing }: LobbyView, texts: Texts): Sentence {
  const { t } = texts;
  if (differing.length === 0) return { headline: t('lobby.reopened'), lead: t('lobby.reopened.lead') };
  const names = joinNames(differing, differing.length, texts);
  return { headline: t('lobby.differs', { count: differing.length, names }), lead: t('lobby.differs.lead') };
}

/** What went wrong with the list, in the person's language; undefined where the sentence says it already. */
export function lobbyProblem(
  { problem, stage }: Watched,
  { t }: Texts,
): { readonly message: string; readonly hint: string } | undefined {
  if (problem === null || stage === 'words' || problem.code === 'words-differ') return undefined;
  switch (problem.code) {
    case 'too-few-members':
    case 'draws-exhausted':
    case 'parameters-impossible':
      return {
        message: t(`lobby.problem.${problem.code}`),
        hint: t(`lobby.problem.${problem.code}.hint`),
      };
    default:
      return problem;
  }
}
