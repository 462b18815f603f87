import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { attackNames } from '../../../core/contract/attacks/names.ts';
import { attackSettings } from '../../../core/attacks/run-attack.ts';
import {
  addAttackOptions,
  checkedSettings,
  readRequest,
  type RunOptions,
  settingsOf,
} from '../../../main/command-line/attack-options.ts';

function parsed(name: (typeof attackNames)[number], ...args: readonly string[]) {
  const description = attackCatalogue[name];
  const command = addAttackOptions(new Command(name).exitOverride(), description);
  command.parse(args, { from: 'user' });
  return readRequest(description, command.opts<RunOptions & Record<string, unknown>>());
}

describe('readRequest()', () => {
  it('is what the first switch is where nothing is given, for every attack', () => {
    for (const name of attackNames) {
      const { switches } = attackCatalogue[name];
      const request = parsed(name);
      assert.deepEqual(request, {
        attack: name,
        target: { kind: 'fresh' },
        seed: 1,
        settings: switches[0]!.settings,
        protection: { signature: false, masks: false, noise: 0, ...switches[0]!.protection },
      });
      assert.deepEqual(checkedSettings(request), attackSettings(request));
    }
  });

  it('takes every setting at its default and its bounds', () => {
    for (const name of attackNames) {
      for (const [setting, { type, minimum, maximum, enum: choices }] of settingsOf(attackCatalogue[name])) {
        const option = parsedOption(name, setting);
        const values = type === 'boolean' ? ['on', 'off'] : (choices ?? [minimum, maximum]);
        for (const value of values) {
          const settings = checkedSettings(parsed(name, option, String(value)));
          const expected = type === 'boolean' ? value === 'on' : value;
          assert.equal(settings[setting], expected, `${name} ${option}`);
        }
      }
    }
  });

  it('lets settings win over the switch, and a protection over its protection; noise beside it', () => {
    const { settings, protection } = parsed(
      'closed-form',
      '--switch',
      'adam',
      '--batch',
      '3',
      '--protect',
      'masks',
      '--noise',
      '0.5',
    );
    assert.deepEqual(settings, { optimizer: 'adam', batch: 3 });
    assert.deepEqual(protection, { signature: true, masks: true, noise: 0.5 });
    assert.deepEqual(parsed('closed-form', '--switch', 'masks', '--protect', 'none').protection, {
      signature: false,
      masks: false,
      noise: 0,
    });
  });

  it('refuses what is out of its range, naming the option', () => {
    for (const [args, message] of [
      [['--batch', '0'], /--batch, as it must be a whole number from 1 to 256, and is 0/],
      [['--batch', 'many'], /--batch, as it must be a whole number from 1 to 256, and is many/],
      [['--batch', ''], /--batch, as it must be/],
      [['--batch', '1.5'], /--batch, as it must be/],
      [['--optimizer', 'sgdm'], /--optimizer, as it must be one of sgd, adam, and is sgdm/],
      [['--noise', '-1'], /--noise, as it must be a number from 0 to 10, and is -1/],
      [['--noise', ''], /--noise, as it must be/],
      [['--seed', '1.5'], /--seed, as it must be a whole number/],
      [['--seed', '4294967296'], /--seed, as it must be/],
    ] as const)
      assert.throws(() => checkedSettings(parsed('closed-form', ...args)), {
        code: 'invalid-setting',
        message,
      });
  });
});

/** Found by its description: a setting may be called like an option that every attack has. */
function parsedOption(name: (typeof attackNames)[number], setting: string): string {
  const command = addAttackOptions(new Command(name), attackCatalogue[name]);
  const index = settingsOf(attackCatalogue[name]).findIndex(([known]) => known === setting);
  return command.options[index]!.long!;
}
