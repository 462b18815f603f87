import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDataFolder, defaultStateFolder } from '../../../main/storage/data-folder.ts';

const both = (
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string>> = {},
  home = '/home/ada',
): readonly string[] => {
  const surroundings = { platform, home, environment };
  return [defaultDataFolder(surroundings), defaultStateFolder(surroundings)];
};

test('defaultDataFolder(), defaultStateFolder() follow each system, and lie apart', () => {
  assert.deepEqual(both('linux'), ['/home/ada/.local/share/masquerade', '/home/ada/.local/state/masquerade']);
  assert.deepEqual(both('linux', { XDG_DATA_HOME: '/data', XDG_STATE_HOME: '/state' }), [
    '/data/masquerade',
    '/state/masquerade',
  ]);
  // the XDG base directory specification: relative paths are invalid
  assert.deepEqual(both('linux', { XDG_DATA_HOME: 'data', XDG_STATE_HOME: '' }), both('linux'));
  assert.deepEqual(both('darwin', {}, '/Users/ada'), [
    '/Users/ada/Library/Application Support/Masquerade',
    '/Users/ada/Library/Application Support/Masquerade State',
  ]);
  assert.deepEqual(both('win32', { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }), [
    'C:\\R\\Masquerade',
    'C:\\L\\Masquerade\\State',
  ]);
  assert.deepEqual(both('win32', {}, 'C:\\Users\\ada'), [
    'C:\\Users\\ada\\AppData\\Roaming\\Masquerade',
    'C:\\Users\\ada\\AppData\\Local\\Masquerade\\State',
  ]);
});

test('MASQUERADE_DATA_DIR, MASQUERADE_STATE_DIR come first', () => {
  assert.deepEqual(
    both('linux', { MASQUERADE_DATA_DIR: '/d', MASQUERADE_STATE_DIR: '/s', XDG_DATA_HOME: '/x' }),
    ['/d', '/s'],
  );
});
