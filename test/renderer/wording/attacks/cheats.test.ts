/** What the three cheats say, of real runs under each of their switches, in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttackReport } from '../../../../core/contract/attacks/attack-report.ts';
import { unprotected } from '../../../../core/contract/attacks/attack-request.ts';
import { attackCatalogue } from '../../../../core/contract/attacks/catalogue.ts';
import { attackSettings } from '../../../../core/attacks/run-attack.ts';
import { textsOf } from '../../../../renderer/messages/translate.ts';
import { findAttackText } from '../../../../renderer/wording/attacks/attack-texts.ts';
import { wordingOf } from '../../../../renderer/wording/attacks/wordings.ts';
import { type AttackRunForTest, attackForTest } from '../../../support/attack-run.ts';

const quick = {
  backdoor: { rounds: 3, after: 1, examples: 300 },
  forgery: { clients: 4 },
  'dishonest-coordinator': { clients: 3, batch: 4, bins: 64 },
} as const;
type Cheat = keyof typeof quick;

const openings = {
  en: /^(Yes|No|Partly|This attack stopped)\b/,
  fr: /^(Oui|Non|En partie|Cette attaque s’arrête)/,
};

function reportOf(
  attack: Cheat,
  protection: AttackReport['protection'],
  settings: AttackReport['settings'],
  { findings, images, series, rows }: AttackRunForTest,
): AttackReport {
  return {
    ...findings,
    ...{ version: '', attack, protection, settings, images, series, rows },
    target: { kind: 'fresh', description: '' },
    ...{ seed: 1, startedAt: '', seconds: 1, engine: '' },
  };
}

/** Everything that is shown by name has a text of its own. */
function assertNamed(attack: Cheat, run: AttackRunForTest): void {
  const texts = textsOf('en');
  const known = (what: string, shared = `lab.${what}`): void => {
    assert.notEqual(findAttackText(attack, what, texts), undefined, `${attack}: ${what} or ${shared}`);
  };
  for (const step of run.steps) if (step.kind === 'progress') known(`stage.${step.stage}`);
  for (const { name, cells } of run.rows) {
    if (name !== 'untouched') known(`row.${name}`);
    for (const [column, value] of Object.entries(cells)) {
      if (!['backdoorSuccess', 'testAccuracy'].includes(column)) known(`column.${column}`);
      // a code is shown as it is
      if (typeof value === 'string' && column !== 'code') known(`cell.${value}`);
    }
  }
  for (const { name } of run.series) {
    for (const axis of ['', '.x', '.y']) known(`series.${name}${axis}`);
  }
  for (const { role, name } of run.images) if (role === 'other') known(`image.${name}`);
}

for (const attack of ['backdoor', 'forgery', 'dishonest-coordinator'] as const) {
  test(`${attack}: each switch has a verdict with its evidence, and everything shown has a name`, async () => {
    const description = attackCatalogue[attack];
    for (const { id, protection: change, settings: changes } of description.switches) {
      const protection = { ...unprotected, ...change };
      const settings = attackSettings({ attack, settings: { ...quick[attack], ...changes } });
      const run = await attackForTest(attack, { settings, protection });
      const report = reportOf(attack, protection, settings, run);
      const asked = { attack, target: { kind: 'fresh' as const }, protection, settings, seed: 1 };
      const said = (['en', 'fr'] as const).map((language) => {
        const texts = textsOf(language);
        const wording = wordingOf(attack);
        const { sentence, evidence } = wording.verdict(report, texts);
        assert.match(sentence, openings[language], `${id}: ${sentence}`);
        assert.equal(
          /^(No|Non|This|Cette)\b/.test(sentence),
          report.outcome === 'stopped',
          `${id}: ${sentence}`,
        );
        assert.match(evidence, /\d/, `${id}: figures`);
        const lines = [
          ...[sentence, evidence, wording.short(report, texts)],
          ...[wording.attacker(asked, texts), wording.sees(asked, texts)],
          ...[wording.may(asked, texts), wording.target(asked, texts)],
          findAttackText(attack, `switch.${id}`, texts) ?? '',
        ];
        for (const line of lines) assert.match(line, /^[^{}]{2,}$/, `${id}: ${line}`);
        assert.ok(!lines.some((line) => /undefined|NaN/.test(line)), lines.join('\n'));
        return lines.join('\n');
      });
      assert.notEqual(said[0], said[1]);
      assertNamed(attack, run);
    }
    for (const field of Object.keys(description.settings.shape)) {
      assert.notEqual(findAttackText(attack, `setting.${field}`, textsOf('en')), undefined, field);
    }
    for (const text of ['title', 'notes'])
      assert.notEqual(findAttackText(attack, text, textsOf('fr')), undefined, text);
  });
}
