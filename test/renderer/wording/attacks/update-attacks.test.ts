import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackCatalogue } from '../../../../core/contract/attacks/catalogue.ts';
import type { AttackOutcome, AttackReport } from '../../../../core/contract/attacks/attack-report.ts';
import { unprotected } from '../../../../core/contract/attacks/attack-request.ts';
import { switchedRequest } from '../../../../core/contract/attacks/description.ts';
import type { AttackName } from '../../../../core/contract/attacks/names.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { wordingOf } from '../../../../renderer/wording/attacks/wordings.ts';

const english = textsOf('en', 'terminal');
const names = ['closed-form', 'crowd-size', 'privacy-gauges', 'pruning'] as const;

/** A report of eight images, of which so many came back. */
function reportOf(
  attack: AttackName,
  outcome: AttackOutcome,
  changes: {
    readonly came?: number;
    readonly protection?: Partial<AttackReport['protection']>;
    readonly facts?: AttackReport['facts'];
    readonly epsilon?: number | null;
  } = {},
): AttackReport {
  const { came = outcome === 'leaks' ? 8 : 0, protection = {}, facts = {}, epsilon = null } = changes;
  const baselines = { black: 9.8, nearestOther: 17.5, randomNoise: 6.4, chance: 0.1, untouched: 0.77 };
  const share = { black: 0, nearestOther: 0.02, randomNoise: 0, chance: 0.1, untouched: 0.77 };
  return {
    version: '0',
    attack,
    target: { kind: 'fresh', description: 'MNIST' },
    protection: { ...unprotected, ...protection },
    settings: attackCatalogue[attack].settings.parse({}) as AttackReport['settings'],
    seed: 1,
    startedAt: '2025-01-01T00:00:00Z',
    seconds: 1,
    engine: 'compiled',
    images: [],
    series: [],
    rows: [],
    results: {
      recovered: { value: came / 8, baselines: share },
      psnr: { value: outcome === 'leaks' ? 100 : 14.2, baselines },
      rank: { value: 1, baselines: { chance: 50.5 } },
      labelAccuracy: { value: 1, baselines: { chance: 0.1 } },
      testAccuracy: { value: 0.6, baselines: share },
    },
    success: outcome === 'leaks',
    outcome,
    threshold: { metric: 'psnr', value: 25, side: 'above' },
    gauges: { stopped: 0, epsilon, delta: epsilon === null ? null : 1e-5 },
    facts: {
      images: 8,
      came,
      drawings: 0,
      sent: 20_353,
      parameters: 203_530,
      alonePsnr: 10.6,
      noisePsnr: 10.4,
      ...facts,
    },
  };
}

const said = (report: AttackReport): string => {
  const { sentence, evidence } = wordingOf(report.attack).verdict(report, english);
  return `${sentence} ${evidence}`;
};

describe('attacks on one update, in words', () => {
  for (const language of ['en', 'fr'] as const)
    for (const name of names)
      it(`${name} says who, what and how it came out, whatever is switched on (${language})`, () => {
        const texts = textsOf(language);
        const wording = wordingOf(name);
        const description = attackCatalogue[name];
        for (const one of description.switches) {
          const { settings, ...request } = switchedRequest(description, one);
          const asked = {
            ...request,
            target: { kind: 'fresh' as const },
            seed: 1,
            settings: description.settings.parse(settings) as AttackReport['settings'],
          };
          const lines = [
            wording.attacker(asked, texts),
            wording.sees(asked, texts),
            wording.may(asked, texts),
            wording.target(asked, texts),
          ];
          for (const outcome of ['leaks', 'partly', 'stopped'] as const)
            for (const epsilon of asked.protection.noise > 0 ? [4.7, 713] : [null]) {
              const report = reportOf(name, outcome, {
                protection: asked.protection,
                epsilon,
                facts: {
                  masked: asked.protection.masks,
                  signed: asked.protection.signature,
                  ranksTell: true,
                },
              });
              const { sentence, evidence } = wording.verdict(report, texts);
              // no number without its baseline
              assert.match(evidence, /17[.,]5|6[.,]4/);
              lines.push(sentence, evidence, wording.short(report, texts));
            }
          for (const line of lines) {
            assert.notEqual(line.trim(), '');
            assert.doesNotMatch(line, /[{}]|undefined|NaN/);
          }
        }
      });

  it('closed-form: a signature hides nothing, masks draw noise, drawings are named', () => {
    const { verdict } = wordingOf('closed-form');
    const sentence = (report: AttackReport): string => verdict(report, english).sentence;
    assert.equal(sentence(reportOf('closed-form', 'leaks')), 'Yes. All 8 images came back.');
    assert.match(sentence(reportOf('closed-form', 'leaks', { facts: { drawings: 1 } })), /your drawing/);
    assert.equal(sentence(reportOf('closed-form', 'leaks', { came: 5 })), 'Yes. 5 of 8 images came back.');
    assert.match(
      sentence(reportOf('closed-form', 'leaks', { facts: { signed: true } })),
      /^Yes, still\. A signature/,
    );
    assert.match(
      sentence(reportOf('closed-form', 'stopped', { facts: { masked: true } })),
      /^No\. From a masked update/,
    );
    assert.match(
      sentence(reportOf('closed-form', 'partly', { facts: { optimizer: 'adam' } })),
      /^Partly\. Local Adam/,
    );
  });

  it('closed-form: an attack that stopped is no protection, unless a bound holds', () => {
    const noise = { protection: { noise: 0.03 } };
    assert.match(said(reportOf('closed-form', 'stopped', { ...noise, epsilon: 713 })), /not protected.*713/);
    const bounded = said(reportOf('closed-form', 'stopped', { protection: { noise: 1 }, epsilon: 4.7 }));
    assert.match(bounded, /bound/);
    assert.doesNotMatch(bounded, /protected/);
  });

  it('closed-form: of a real session’s update it says only what is beyond doubt', () => {
    const facts = { truth: false };
    assert.match(said(reportOf('closed-form', 'leaks', { facts })), /beyond doubt.*pure noise 0 %/);
  });

  it('closed-form: of a real session’s rounded update it says that it guesses', () => {
    const guessed = { facts: { truth: false, came: 0, likely: 6, agreed: 4 }, came: 0 };
    const text = said(reportOf('closed-form', 'leaks', guessed));
    assert.match(text, /^Yes, it seems\. 6 pictures look like images\. Of 8 pictures, 6 .*On 4 .*a guess/);
    assert.doesNotMatch(text, /beyond doubt/);
    const some = said(reportOf('closed-form', 'partly', { facts: { ...guessed.facts, came: 1 }, came: 1 }));
    assert.match(some, /^Partly, it seems\..*1 have whole grey levels.*beyond doubt.*a guess/);
    const none = said(reportOf('closed-form', 'stopped', { facts: { truth: false }, came: 0 }));
    assert.match(none, /^No, it seems\..*a guess/);
    const { short } = wordingOf('closed-form');
    assert.equal(short(reportOf('closed-form', 'leaks', guessed), textsOf('en')), '6 of 8 look like images');
  });

  it('crowd-size: counts are too few, hide most, or give nothing to this attack', () => {
    const masked = { protection: { masks: true } };
    assert.match(
      said(reportOf('crowd-size', 'leaks', masked)),
      /^8 are too few.*10\.6 dB, pure noise 10\.4 dB/,
    );
    assert.match(said(reportOf('crowd-size', 'partly', { ...masked, came: 1 })), /^8 hide most, not all: 1/);
    assert.match(
      said(reportOf('crowd-size', 'stopped', masked)),
      /^From the sum of 8 this attack draws nothing/,
    );
    assert.match(said(reportOf('crowd-size', 'leaks')), /^Without masks there is no crowd/);
  });

  it('privacy-gauges: answers whether one is protected, with epsilon and what a model still learns', () => {
    const noise = { protection: { noise: 0.03 }, epsilon: 713, facts: { ranksTell: true } };
    const stopped = said(reportOf('privacy-gauges', 'stopped', noise));
    assert.match(stopped, /^No\. This attack stopped.*1st of 100.*Epsilon is 713.*60 %.*77 %/);
    assert.match(said(reportOf('privacy-gauges', 'leaks')), /^No\. Without noise.*no epsilon/);
  });

  it('pruning: says what was sent', () => {
    assert.match(
      said(reportOf('pruning', 'leaks')),
      /^No\. All 8 images came back from 10 %.*20,353 of 203,530/,
    );
  });
});
