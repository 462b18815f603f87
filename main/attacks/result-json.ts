/** A finished attack as JSON for other programs: `attack run --json`, and the file that the interface exports. */
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import type { AskedAttack } from '../../renderer/wording/attacks/attack-wording.ts';
import { wordingOf } from '../../renderer/wording/attacks/wordings.ts';
import { pngOf } from './png.ts';

/** files: by a picture's id, where it was written beside; else pictures are in the JSON, as PNG in base64. */
export function attackJson(
  report: AttackReport,
  language: Language,
  files?: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const { attack, protection, settings, seed, seconds, results, success, threshold, images, ...rest } =
    report;
  const { target, version, startedAt, engine, outcome, gauges, facts, rows, series } = rest;
  const texts = textsOf(language, 'terminal');
  const wording = wordingOf(attack);
  const asked = askedOf(report);
  const verdict = wording.verdict(report, texts);
  return {
    attack,
    attacker: { sees: wording.sees(asked, texts), may: wording.may(asked, texts) },
    target: { ...target, text: wording.target(asked, texts) },
    protection,
    settings,
    seed,
    seconds,
    results,
    success,
    threshold,
    verdict: verdict.sentence,
    images: images.map((image) => imageJson(image, files?.get(image.id))),
    evidence: verdict.evidence,
    outcome,
    gauges,
    facts,
    rows,
    series,
    engine,
    version,
    startedAt,
  };
}

/** One report is an object, several are an array. */
export function attacksJson(reports: readonly AttackReport[], language: Language): string {
  const all = reports.map((report) => attackJson(report, language));
  return `${JSON.stringify(all.length === 1 ? all[0] : all, null, 2)}\n`;
}

/** What a report was asked for. */
export function askedOf({ attack, target, protection, settings, seed }: AttackReport): AskedAttack {
  const { description: _, ...asked } = target;
  return { attack, target: asked, protection, settings, seed };
}

function imageJson(image: AttackImage, file: string | undefined): Readonly<Record<string, unknown>> {
  const { id, role, index, name, width, height, channels, value, label, masked } = image;
  const picture = file === undefined ? { png: Buffer.from(pngOf(image)).toString('base64') } : { file };
  return { id, role, index, name, width, height, channels, value, label, masked, ...picture };
}
