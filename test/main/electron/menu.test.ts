import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MenuItemConstructorOptions } from 'electron';
import { type MenuActions, menuTemplate } from '../../../main/electron/menu.ts';
import { desktopEnglish } from '../../../renderer/messages/screens/desktop-en.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';

type Item = MenuItemConstructorOptions;
const platforms = ['linux', 'win32', 'darwin'] as const;

function actions(went: string[] = []): MenuActions {
  return {
    go: (to) => went.push(to),
    back: () => went.push('back'),
    forward: () => went.push('forward'),
    about: () => went.push('about'),
    showLog: () => went.push('log'),
    showLicences: () => went.push('licences'),
  };
}

function itemsOf(template: readonly Item[]): Item[] {
  return template.flatMap((item) => [item, ...itemsOf((item.submenu ?? []) as Item[])]);
}

describe('menuTemplate()', () => {
  it('has every entry of the texts on some system, in both languages', () => {
    for (const language of ['en', 'fr'] as const) {
      const { t } = textsOf(language);
      const labels = new Set(
        platforms.flatMap((platform) =>
          itemsOf(menuTemplate(t, platform, true, actions())).map(({ label }) => label),
        ),
      );
      for (const key of Object.keys(desktopEnglish) as (keyof typeof desktopEnglish)[])
        if (key.startsWith('desktop.menu.')) assert.ok(labels.has(t(key as 'desktop.menu.file')), key);
    }
  });

  it('names every entry: none is left to the language of the system', () => {
    for (const platform of platforms)
      for (const item of itemsOf(menuTemplate(textsOf('fr').t, platform, false, actions())))
        assert.ok(item.type === 'separator' || (item.label ?? '') !== '', JSON.stringify(item));
  });

  it('has the same entries in both languages', () => {
    const shape = (language: 'en' | 'fr', platform: NodeJS.Platform): unknown =>
      itemsOf(menuTemplate(textsOf(language).t, platform, false, actions())).map(
        ({ role, type, accelerator }) => ({ role, type, accelerator }),
      );
    for (const platform of platforms) assert.deepEqual(shape('fr', platform), shape('en', platform));
  });

  it('gives no shortcut twice', () => {
    for (const platform of platforms) {
      const shortcuts = itemsOf(menuTemplate(textsOf('en').t, platform, true, actions())).flatMap(
        ({ accelerator }) => accelerator ?? [],
      );
      assert.deepEqual([...new Set(shortcuts)], shortcuts);
    }
  });

  it('leads to the screens of the interface and to what main does itself', () => {
    const went: string[] = [];
    for (const item of itemsOf(menuTemplate(textsOf('en').t, 'linux', false, actions(went))))
      (item.click as (() => void) | undefined)?.();
    assert.deepEqual(went.sort(), [
      '/',
      '/coordinate',
      '/draw',
      '/join',
      '/lab',
      '/results',
      '/settings',
      '/simulate',
      'about',
      'back',
      'forward',
      'licences',
      'log',
    ]);
  });

  it('shows the developer tools in a source tree only', () => {
    const roles = (tools: boolean): unknown[] =>
      itemsOf(menuTemplate(textsOf('en').t, 'linux', tools, actions())).map(({ role }) => role);
    assert.ok(roles(true).includes('toggleDevTools'));
    assert.equal(roles(false).includes('toggleDevTools'), false);
  });
});
