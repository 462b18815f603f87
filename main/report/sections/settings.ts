/** Every setting with those that differ from the default marked, and the command that runs the same again. */
import type { SettingName } from '../../../core/contract/run-settings.ts';
import {
  commandOf,
  defaultText,
  isChanged,
  settingNamesOf,
  settingValue,
} from '../../../renderer/wording/settings.ts';
import { card, type ReportContext } from '../context.ts';
import { glyph } from '../glyphs.ts';
import { type Markup, markup } from '../markup.ts';

export function settingsSection(context: ReportContext): Markup {
  const { t, run } = context;
  const names = settingNamesOf(run);
  const anyDiffers = names.some((name) => isChanged(name, run));
  const again = t(run.kind === 'session' ? 'settings.again.session' : 'settings.again');
  return card(
    'settings',
    t('settings.heading'),
    markup`<p class="label">${t(anyDiffers ? 'settings.caption' : 'settings.caption.all-default')}</p>
<dl class="settings">${names.map((name) => settingLine(name, context))}</dl>
<h3>${again}</h3>
<p class="scroll" role="region" tabindex="0" aria-label="${again}"><code>${commandOf(context.result)}</code></p>`,
  );
}

function settingLine(name: SettingName, context: ReportContext): Markup {
  const { t, run } = context;
  const changed = isChanged(name, run);
  return markup`<div${changed && markup` class="differs"`}><dt>${changed && glyph('lozenge', 11)}${t(`setting.${name}`)}</dt><dd>${settingValue(
    name,
    run,
    context,
  )}${changed && markup` <span class="label">${t('settings.default', { value: defaultText(name, context) })}</span>`}</dd></div>
`;
}
