import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackCatalogue } from '../../../../core/contract/attacks/catalogue.ts';
import { metricNames } from '../../../../core/contract/attacks/names.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import {
  cellText,
  findAttackText,
  numberText,
  rowText,
  stageText,
  switchText,
  tickText,
} from '../../../../renderer/wording/attacks/attack-texts.ts';
import {
  axisThreshold,
  baselineText,
  bestBaseline,
  epsilonText,
  furtherFigures,
  metricValue,
  ordinal,
  thresholdText,
} from '../../../../renderer/wording/attacks/figures.ts';

const [english, french] = [textsOf('en'), textsOf('fr')];
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('metricValue()', () => {
  it('writes every figure with its unit, as the language does', () => {
    assert.equal(plain(metricValue('psnr', 16.04, english)), '16.0 dB');
    assert.equal(plain(metricValue('psnr', 16.04, french)), '16,0 dB');
    assert.equal(metricValue('psnr', 100, english), 'exact');
    assert.equal(metricValue('ssim', 0.789, english), '0.79');
    assert.equal(metricValue('maeNearest', 0.0445, english), '0.0445');
    assert.equal(plain(metricValue('judge', 0.9951, english)), '99.5 %');
    assert.equal(metricValue('rank', 1, french), '1er');
    assert.equal(metricValue('rank', 28.4, english), '28.4');
    for (const metric of metricNames) assert.notEqual(metricValue(metric, 0.5, english), '', metric);
  });
});

describe('ordinal() and epsilonText()', () => {
  it('count in both languages', () => {
    const { formats } = english;
    assert.deepEqual(
      [1, 2, 3, 4, 11, 12, 13, 21, 22, 50, 100, 111].map((value) => ordinal(value, formats)),
      ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '50th', '100th', '111th'],
    );
    assert.deepEqual(
      [1, 2].map((value) => ordinal(value, french.formats)),
      ['1er', '2e'],
    );
  });

  it('give no more digits than a bound deserves', () => {
    const { formats } = english;
    assert.deepEqual(
      [0.234, 4.73, 12.4, 715.2, 5483].map((value) => epsilonText(value, formats)),
      ['0.23', '4.7', '12', '715', '5,480'],
    );
  });
});

describe('bestBaseline()', () => {
  it('is the one that comes nearest to the attack’s aim, which for errors and ranks is the least', () => {
    const baselines = { black: 0.0445, classMean: 0.08 };
    assert.deepEqual(bestBaseline('maeNearest', { value: 1, baselines }), { name: 'black', value: 0.0445 });
    assert.deepEqual(bestBaseline('psnr', { value: 1, baselines }), { name: 'classMean', value: 0.08 });
    assert.equal(bestBaseline('psnr', { value: 1, baselines: {} }), undefined);
  });
});

describe('axisThreshold() and thresholdText()', () => {
  it('say on which side success is, for every attack in both languages', () => {
    assert.equal(axisThreshold(attackCatalogue.forgery.axis).side, 'below');
    for (const { axis } of Object.values(attackCatalogue))
      for (const texts of [english, french]) assert.notEqual(thresholdText(axisThreshold(axis), texts), '');
    const closedForm = axisThreshold(attackCatalogue['closed-form'].axis);
    assert.equal(plain(thresholdText(closedForm, english)), 'recovered: above 25 dB');
  });
});

describe('furtherFigures()', () => {
  it('takes three that the axis does not show', () => {
    const figure = { value: 1, baselines: { chance: 0 } };
    const results = { psnr: figure, ssim: figure, judge: figure, rank: figure, recovered: figure };
    const names = furtherFigures({ results }, 'psnr').map(({ metric }) => metric);
    assert.deepEqual(names, ['ssim', 'judge', 'rank']);
  });
});

describe('names that an attack gives', () => {
  it('are its own text, else the shared one, else themselves', () => {
    assert.equal(stageText('closed-form', 'no-such-stage', english), 'no-such-stage');
    assert.equal(switchText('closed-form', 'masks', french), 'Masques');
    assert.equal(findAttackText('closed-form', 'no.such.text', english), undefined);
    assert.equal(cellText('forgery', 'refused', french), 'refusée');
    assert.equal(baselineText('classMean', '7', english), 'Mean of all 7s');
    assert.equal(baselineText('chance', null, english, 'closed-form'), 'By chance');
  });

  it('are numbers with the digits that they were given', () => {
    assert.equal(rowText('privacy-gauges', '0.030', french), '0,030');
    assert.equal(rowText('crowd-size', '128', english), '128');
    assert.equal(tickText(0.01, french), '0,01');
    assert.equal(tickText(1000, english), '1,000');
    assert.equal(numberText(0.0123, english), '0.0123');
    assert.equal(plain(numberText(0.00000123, english)), '1.23 · 10^-6');
  });
});
