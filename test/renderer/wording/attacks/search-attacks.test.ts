import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackOutcome, AttackReport } from '../../../../core/contract/attacks/attack-report.ts';
import { type AttackTarget, unprotected } from '../../../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../../../core/contract/attacks/catalogue.ts';
import { switchedRequest } from '../../../../core/contract/attacks/description.ts';
import { en } from '../../../../renderer/messages/en.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { wordingOf } from '../../../../renderer/wording/attacks/wordings.ts';

const names = ['gradient-matching', 'two-stage'] as const;
type Name = (typeof names)[number];

interface Changes {
  readonly protection?: Partial<AttackReport['protection']>;
  readonly facts?: AttackReport['facts'];
  readonly epsilon?: number | null;
}

/** A report of one image in one step. */
function reportOf(attack: Name, outcome: AttackOutcome, changes: Changes = {}): AttackReport {
  const { protection = {}, facts = {}, epsilon = null } = changes;
  const settings = attackCatalogue[attack].settings.parse({}) as AttackReport['settings'];
  const baselines = { black: 7.8, nearestOther: 15.2, randomNoise: 6.4 };
  return {
    version: '0',
    attack,
    target: { kind: 'fresh', description: 'MNIST' },
    protection: { ...unprotected, ...protection },
    settings,
    seed: 1,
    startedAt: '2025-01-01T00:00:00Z',
    seconds: 1,
    engine: 'compiled',
    images: [],
    series: [],
    rows: [],
    results: {
      recovered: { value: outcome === 'leaks' ? 1 : 0, baselines: { randomNoise: 0 } },
      psnr: { value: outcome === 'leaks' ? 31.4 : 14.2, baselines },
      rank: { value: 1, baselines: { chance: 50.5 } },
      labelAccuracy: { value: 1, baselines: { chance: 0.1 } },
    },
    success: outcome === 'leaks',
    outcome,
    threshold: { metric: 'psnr', value: attackCatalogue[attack].axis.threshold, side: 'above' },
    gauges: { stopped: 0, epsilon, delta: epsilon === null ? null : 1e-5 },
    facts: {
      examples: 1,
      images: 1,
      came: outcome === 'leaks' ? 1 : 0,
      truth: true,
      drawings: 0,
      optimizer: 'sgd',
      steps: 1,
      masked: false,
      signed: false,
      ranksTell: outcome !== 'stopped',
      labels: 'read',
      dropout: true,
      deeper: false,
      known: 294,
      features: 1152,
      ...facts,
    },
  };
}

const said = (report: AttackReport, language: 'en' | 'fr' = 'en'): string => {
  const { sentence, evidence } = wordingOf(report.attack).verdict(report, textsOf(language, 'terminal'));
  return `${sentence} ${evidence}`;
};

const outcomes = ['leaks', 'partly', 'stopped'] as const;
const cases: readonly Changes[] = [
  {},
  { facts: { drawings: 1 } },
  { facts: { examples: 4, images: 4, came: 2 } },
  { facts: { examples: 600, steps: 20 } },
  { facts: { optimizer: 'adam' } },
  { facts: { signed: true }, protection: { signature: true } },
  { facts: { masked: true }, protection: { masks: true } },
  { protection: { noise: 0.03 }, epsilon: 720 },
  { protection: { noise: 1 }, epsilon: 4.7 },
  { facts: { truth: false } },
  { facts: { deeper: true, known: 1600, features: 1600 } },
  { facts: { dropout: false } },
  { facts: { labels: 'searched' } },
];

describe('attacks that search, in words', () => {
  for (const language of ['en', 'fr'] as const)
    for (const name of names) {
      it(`${name} says who, what and which target, whatever is switched on (${language})`, () => {
        const texts = textsOf(language);
        const wording = wordingOf(name);
        const description = attackCatalogue[name];
        const targets: readonly AttackTarget[] = [
          { kind: 'fresh' },
          { kind: 'model', model: 'result-1' },
          { kind: 'update', activity: 'simulation-01234567', client: 3 },
        ];
        for (const target of targets)
          for (const one of description.switches) {
            const { settings, ...request } = switchedRequest(description, one);
            const filled = description.settings.parse(settings) as AttackReport['settings'];
            const asked = { ...request, target, seed: 1, settings: filled };
            for (const say of [wording.attacker, wording.sees, wording.may, wording.target] as const) {
              const text = say(asked, texts);
              assert.ok(text.length > 3);
              assert.doesNotMatch(text, /[{}]|undefined/);
            }
          }
      });

      it(`${name} has a verdict for every outcome and case, with figures beside their baselines (${language})`, () => {
        for (const outcome of outcomes)
          for (const changes of cases) {
            const report = reportOf(name, outcome, changes);
            const text = said(report, language);
            assert.doesNotMatch(text, /[{}]|undefined|NaN/);
            assert.match(
              text,
              language === 'en' ? /^(Yes|No|Partly|This attack)/ : /^(Oui|Non|En partie|Cette attaque)/,
              `${outcome} ${JSON.stringify(changes)}`,
            );
            if (report.facts['truth'] === true) {
              assert.match(text, language === 'en' ? /15\.2/ : /15,2/);
              assert.match(text, language === 'en' ? /31\.4|14\.2/ : /31,4|14,2/);
            }
            // "this attack stopped" never means "protected"
            if (outcome === 'stopped') assert.doesNotMatch(text, /are protected|êtes protégé/);
          }
      });
    }

  it('says which case it was', () => {
    assert.match(said(reportOf('gradient-matching', 'leaks', { facts: { drawings: 1 } })), /your drawing/);
    assert.match(
      said(reportOf('gradient-matching', 'stopped', { facts: { examples: 600, steps: 20 } })),
      /many images and steps.*1 of the 600 images behind the update, in 20 steps/,
    );
    assert.match(
      said(reportOf('gradient-matching', 'stopped', { facts: { optimizer: 'adam' } })),
      /Local Adam/,
    );
    assert.match(said(reportOf('gradient-matching', 'partly')), /Classes right: 100.%.*by chance 10.%/);
    assert.match(
      said(reportOf('two-stage', 'leaks', { facts: { deeper: true, features: 1600 } })),
      /all 1,600 values/,
    );
    assert.match(said(reportOf('two-stage', 'partly')), /dropout.*294 of the 1,152 values/);
    assert.match(said(reportOf('two-stage', 'stopped', { facts: { examples: 4, images: 4 } })), /images mix/);
    for (const name of names) {
      const masked = { facts: { masked: true }, protection: { masks: true } };
      assert.match(said(reportOf(name, 'stopped', masked)), /masked update.*on pure noise: 6\.4/);
      assert.match(
        said(reportOf(name, 'stopped', { protection: { noise: 0.03 }, epsilon: 720 })),
        /not protected.*720/,
      );
      assert.match(said(reportOf(name, 'leaks', { facts: { truth: false } })), /beyond doubt/);
    }
  });

  it('has a text for every switch, case and setting', () => {
    for (const name of names) {
      const { switches, settings } = attackCatalogue[name];
      for (const { id } of switches)
        assert.ok(`attack.${name}.switch.${id}` in en || `lab.switch.${id}` in en, `switch ${id}`);
      for (const field of Object.keys(settings.shape))
        assert.ok(`attack.${name}.setting.${field}` in en, `setting ${field}`);
      assert.ok(wordingOf(name).short(reportOf(name, 'leaks'), textsOf('en')).includes('1 of 1'));
    }
  });
});
