/** What the two attacks on a model say, of real runs on little data under each of their switches, in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attackSettings, runAttack } from '../../../../core/attacks/run-attack.ts';
import { selectImages } from '../../../../core/attacks/pictures.ts';
import type {
  AttackFindings,
  AttackReport,
  AttackStep,
} from '../../../../core/contract/attacks/attack-report.ts';
import { unprotected } from '../../../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../../../core/contract/attacks/catalogue.ts';
import { modelInversionSettings } from '../../../../core/contract/attacks/model-inversion.ts';
import type { Dataset } from '../../../../core/datasets/dataset.ts';
import { foldAttack, openAttack } from '../../../../core/watching/attack-view.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { findAttackText } from '../../../../renderer/wording/attacks/attack-texts.ts';
import { wordingOf } from '../../../../renderer/wording/attacks/wordings.ts';
import { attackGround } from '../../../support/attack-run.ts';

const quick = {
  'model-inversion': { iterations: 12, tries: 1, people: 5 },
  'membership-inference': { members: 50 },
} as const;
type OnModel = keyof typeof quick;

const openings = { en: /^(Yes|No|Partly)\b/, fr: /^(Oui|Non|En partie)\b/ };
const byOutcome = {
  leaks: /^(Yes|Oui)\b/,
  partly: /^(Partly|En partie)\b/,
  stopped: /^(No|Non)\b/,
} as const;

async function small(): Promise<Dataset> {
  const { dataset } = await attackGround();
  const places = Array.from({ length: 2400 }, (_, index) => index);
  return {
    ...dataset,
    train: selectImages(dataset.train, places),
    test: selectImages(dataset.test, places.slice(0, 300)),
  };
}

async function reportOf(
  attack: OnModel,
  settings: AttackReport['settings'],
  dataset: Dataset,
): Promise<{ report: AttackReport; steps: readonly AttackStep[] }> {
  const { engine } = await attackGround();
  const material = { drawings: undefined, model: undefined, observed: undefined };
  const asked = { settings, protection: unprotected, seed: 1 };
  const run = await runAttack(attack, { ...asked, dataset, engine, material });
  const target = { kind: 'fresh' as const, description: '' };
  let view = openAttack('', { ...asked, attack, target });
  const steps: AttackStep[] = [];
  let findings: AttackFindings | undefined;
  while (findings === undefined) {
    const next = await run.next();
    if (next.done === true) findings = next.value;
    else {
      steps.push(next.value);
      view = foldAttack(view, next.value);
    }
  }
  const { images, series, rows } = view;
  return {
    report: {
      ...findings,
      ...{ ...asked, attack, target, images, series, rows },
      ...{ version: '', startedAt: '', seconds: 1, engine: '' },
    },
    steps,
  };
}

/** Everything that is shown by name has a text of its own, or one that all attacks share. */
function assertNamed({ attack, images, series, rows }: AttackReport, steps: readonly AttackStep[]): void {
  const texts = textsOf('fr');
  const known = (what: string, others: readonly string[] = []): void => {
    if (others.includes(what)) return;
    assert.notEqual(findAttackText(attack, what, texts), undefined, `${attack}: ${what}`);
  };
  const baselines = ['black', 'globalMean', 'classMean', 'nearestOther', 'randomNoise', 'chance'];
  for (const step of steps)
    if (step.kind === 'progress') {
      known(`stage.${step.stage}`);
      for (const name of Object.keys(step.figures))
        if (name !== 'loss' && name !== 'confidence' && name !== 'accuracy') known(`figure.${name}`);
    }
  for (const { name, cells } of rows) {
    if (!/^\d+$/.test(name) && !baselines.includes(name)) known(`row.${name}`);
    for (const column of Object.keys(cells))
      if (findAttackText(attack, `metric.${column}`, texts) === undefined) known(`column.${column}`);
  }
  for (const { name } of series)
    if (name !== 'chance') for (const axis of ['', '.x', '.y']) known(`series.${name}${axis}`);
  for (const { role, name } of images) if (role === 'other') known(`image.${name}`);
}

for (const attack of ['model-inversion', 'membership-inference'] as const)
  test(`${attack}: each switch has a verdict with its evidence, and everything shown has a name`, async () => {
    const dataset = await small();
    const description = attackCatalogue[attack];
    for (const { id, settings: changes } of description.switches) {
      const settings = attackSettings({ attack, settings: { ...quick[attack], ...changes } });
      const { report, steps } = await reportOf(attack, settings, dataset);
      assertNamed(report, steps);
      const asked = {
        attack,
        target: { kind: 'fresh' as const },
        protection: unprotected,
        settings,
        seed: 1,
      };
      for (const outcome of ['leaks', 'partly', 'stopped'] as const) {
        const said = (['en', 'fr'] as const).map((language) => {
          const texts = textsOf(language);
          const wording = wordingOf(attack);
          const { sentence, evidence } = wording.verdict({ ...report, outcome }, texts);
          assert.match(sentence, openings[language], `${id}: ${sentence}`);
          assert.match(sentence, byOutcome[outcome], `${id}: ${sentence}`);
          assert.match(evidence, language === 'en' ? /by chance/ : /au hasard/, `${id}: ${evidence}`);
          const lines = [
            ...[sentence, evidence, wording.short(report, texts)],
            ...[wording.attacker(asked, texts), wording.sees(asked, texts)],
            ...[wording.may(asked, texts), wording.target(asked, texts)],
            wording.target({ ...asked, target: { kind: 'model', model: 'session-1' } }, texts),
            findAttackText(attack, `switch.${id}`, texts) ?? '',
          ];
          for (const line of lines) assert.match(line, /^[^{}]{2,}$/, `${id}: ${line}`);
          assert.ok(!lines.some((line) => /undefined|NaN/.test(line)), lines.join('\n'));
          return lines.join('\n');
        });
        assert.notEqual(said[0], said[1]);
      }
    }
    for (const field of Object.keys(description.settings.shape))
      assert.notEqual(findAttackText(attack, `setting.${field}`, textsOf('en')), undefined, field);
    for (const text of ['title', 'notes'])
      assert.notEqual(findAttackText(attack, text, textsOf('fr')), undefined, text);
  });

test('model-inversion: each way of searching has a name', () => {
  for (const way of modelInversionSettings.shape.variant.unwrap().options)
    assert.notEqual(
      findAttackText('model-inversion', `setting.variant.${way}`, textsOf('fr')),
      undefined,
      way,
    );
});

test('model-inversion: the reference’s verdict says so where an all black image has the smaller error', async () => {
  const settings = attackSettings({
    attack: 'model-inversion',
    settings: { ...quick['model-inversion'], variant: 'reference' },
  });
  const { report } = await reportOf('model-inversion', settings, await small());
  const texts = textsOf('en');
  const said = (value: number): string => {
    const maeNearest = { ...report.results.maeNearest!, value };
    const changed = { ...report, outcome: 'leaks' as const, results: { ...report.results, maeNearest } };
    return wordingOf('model-inversion').verdict(changed, texts).sentence;
  };
  const black = report.results.maeNearest!.baselines.black!;
  assert.match(said(black + 0.01), /black has the smaller error/);
  assert.doesNotMatch(said(black - 0.01), /black/);
});
