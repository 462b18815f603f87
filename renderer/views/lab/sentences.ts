/** What the stage of an attack says: its verdict with the evidence, or what happens now and what to do. */
import type { AttackReport, AttackReportSummary } from '../../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../../core/contract/attacks/attack-request.ts';
import { type MetricName, metricNames } from '../../../core/contract/attacks/names.ts';
import type { Texts } from '../../messages/translate.ts';
import type { Bench } from '../../state/lab-bench.svelte.ts';
import { wholeSettings } from '../../state/lab-requests.ts';
import { numberText, settingText, stageText, watchedFigureText } from '../../wording/attacks/attack-texts.ts';
import type { AskedAttack, Verdict } from '../../wording/attacks/attack-wording.ts';
import { metricValue } from '../../wording/attacks/figures.ts';
import { wordingOf } from '../../wording/attacks/wordings.ts';
import { type HostProblem, hostProblemText } from '../../wording/host-problem.ts';

export function stageSentence(bench: Bench, texts: Texts): Verdict {
  const { t } = texts;
  const { problem, live, starting, kept } = bench;
  if (problem !== null) return failure(bench, problem, texts);
  if (starting && live === null) return { sentence: t('lab.starting'), evidence: '' };
  if (live?.stage === 'running') {
    const stage = live.progress?.stage;
    return {
      sentence: stage === undefined ? t('lab.starting') : `${stageText(bench.attack, stage, texts)}.`,
      evidence: figuresText(bench, texts),
    };
  }
  if (live?.stage === 'stopped') return { sentence: t('lab.stopped'), evidence: t('lab.stopped.lead') };
  if (live?.stage === 'failed') return failure(bench, { details: {}, ...live.problem! }, texts);
  if (kept !== undefined) return verdictOf(kept.report, texts);
  return {
    sentence: t('lab.idle'),
    evidence: bench.isOutdated ? t('lab.idle.drawn') : t('lab.idle.lead'),
  };
}

/** What the person knows the field by that the host does not take. */
function fieldText(bench: Bench, { details }: HostProblem, texts: Texts): string {
  const { field } = details;
  if (field === 'target') return texts.t('lab.panel.target');
  return typeof field === 'string' ? settingText(bench.attack, field, texts) : texts.t('lab.panel.settings');
}

function failure(bench: Bench, problem: HostProblem, texts: Texts): Verdict {
  const { t } = texts;
  const sentence = t('lab.failed');
  switch (problem.code) {
    case 'target-unknown':
      return { sentence, evidence: t('lab.failed.target') };
    case 'not-a-demonstration':
      return { sentence, evidence: t('lab.failed.demonstration') };
    case 'invalid-setting':
      return { sentence, evidence: t('lab.failed.settings', { field: fieldText(bench, problem, texts) }) };
    default:
      return { sentence, evidence: t('lab.failed.again', { problem: hostProblemText(problem, texts) }) };
  }
}

/** 'Loss 0.034, peak signal to noise 18.2 dB': what is worth watching while it works. */
function figuresText({ live, attack }: Bench, texts: Texts): string {
  const figures = Object.entries(live?.progress?.figures ?? {}).filter(([, value]) => Number.isFinite(value));
  const shown = figures.map(([name, value]) => {
    const known = (metricNames as readonly string[]).includes(name);
    const text = known ? metricValue(name as MetricName, value, texts) : numberText(value, texts);
    return texts.t('named-value', { name: watchedFigureText(attack, name, texts), value: text });
  });
  const text = shown.join(', ');
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

export function verdictOf(report: AttackReport, texts: Texts): Verdict {
  return wordingOf(report.attack).verdict(report, texts);
}

export function shortOf(report: AttackReport | AttackReportSummary, texts: Texts): string {
  return wordingOf(report.attack).short(report, texts);
}

export interface Attacker {
  readonly who: string;
  readonly sees: string;
  readonly may: string;
  readonly target: string;
}

export function attackerOf(bench: Bench, request: AttackRequest, texts: Texts): Attacker {
  const asked: AskedAttack = { ...request, settings: wholeSettings(bench.description, request.settings) };
  const words = wordingOf(bench.attack);
  return {
    who: words.attacker(asked, texts),
    sees: words.sees(asked, texts),
    may: words.may(asked, texts),
    target: words.target(asked, texts),
  };
}
