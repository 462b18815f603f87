import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leastThreshold } from '../../../core/contract/room-limits.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { isPreset, presetNames, presets } from '../../../renderer/state/presets.ts';
import { findNotices, findProblems } from '../../../renderer/state/setup-rules.ts';

const mnistTrainImages = 60_000;

describe('presets', () => {
  for (const name of presetNames)
    it(`can start as they are: ${name} has no problem and no notice`, () => {
      const settings = runSettingsSchema.parse(presets[name].settings);
      const draft = {
        title: name,
        settings,
        data: 'dealt',
        demonstration: false,
        deadlineSeconds: null,
      } as const;
      assert.deepEqual(findProblems(draft, 'simulation', mnistTrainImages, textsOf('en')), []);
      assert.deepEqual(findNotices(draft, 'simulation', textsOf('en')), []);
    });

  it('leave with as many as the threshold allows where six of twenty leave', () => {
    const { clients, drop } = runSettingsSchema.parse(presets.leaving.settings);
    assert.equal(drop * clients, clients - leastThreshold(clients));
  });
});

describe('isPreset()', () => {
  const settings = runSettingsSchema.parse(presets.leaving.settings);

  it('tells the preset that settings are, whatever the language and with gaps', () => {
    const found = presetNames.filter((name) =>
      isPreset(name, { ...settings, language: 'fr', threshold: undefined }, presets.leaving.pace),
    );
    assert.deepEqual(found, ['leaving']);
  });

  it('tells when one setting or the pace is another', () => {
    assert.equal(isPreset('leaving', { ...settings, rounds: 6 }, 'full'), false);
    assert.equal(isPreset('leaving', { ...settings, threshold: 14 }, 'full'), false);
    assert.equal(isPreset('leaving', { ...settings, rounds: Number.NaN }, 'full'), false);
    assert.equal(isPreset('leaving', settings, 'slow'), false);
  });
});
