/** An attack's settings as fields of a form: its own schema says what they are, so that no form has to. */
import { z } from 'zod';
import type { AttackSetting } from '../../core/contract/attacks/attack-request.ts';
import type { AttackDescription } from '../../core/contract/attacks/description.ts';
import type { Settings } from './lab-requests.ts';

interface Common {
  readonly name: string;
  readonly normal: AttackSetting;
}
export interface NumberSetting extends Common {
  readonly kind: 'number';
  readonly normal: number;
  readonly whole: boolean;
  readonly least: number;
  readonly most: number;
}
export type SettingField =
  | NumberSetting
  | (Common & { readonly kind: 'choice'; readonly normal: string; readonly values: readonly string[] })
  | (Common & { readonly kind: 'switch'; readonly normal: boolean })
  | (Common & { readonly kind: 'text'; readonly normal: string });

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: AttackSetting;
}

export function fieldsOf({ settings }: Pick<AttackDescription, 'settings'>): readonly SettingField[] {
  const { properties = {} } = z.toJSONSchema(settings) as { properties?: Readonly<Record<string, Property>> };
  return Object.entries(properties).map(([name, property]): SettingField => {
    const { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = property;
    const normal = property.default;
    if (property.enum !== undefined)
      return { kind: 'choice', name, normal: String(normal ?? property.enum[0]), values: property.enum };
    if (type === 'boolean') return { kind: 'switch', name, normal: normal === true };
    if (type === 'integer' || type === 'number')
      return {
        kind: 'number',
        name,
        normal: Number(normal ?? minimum),
        whole: type === 'integer',
        least: minimum,
        most: maximum,
      };
    return { kind: 'text', name, normal: String(normal ?? '') };
  });
}

/** What stands in a field: what was changed, or what holds otherwise. */
export function valueOf({ name, normal }: SettingField, settings: Settings): AttackSetting {
  return settings[name] ?? normal;
}

/** Changed; one that is as it is by default is left out. */
export function withSetting(field: SettingField, settings: Settings, value: AttackSetting): Settings {
  const { [field.name]: _, ...others } = settings;
  return value === field.normal ? others : { ...others, [field.name]: value };
}

/** In its range, and whole where it must be. */
export function isAllowed(field: SettingField, settings: Settings): boolean {
  if (field.kind !== 'number') return true;
  const value = Number(valueOf(field, settings));
  return value >= field.least && value <= field.most && (!field.whole || Number.isInteger(value));
}
