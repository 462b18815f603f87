/**
 * What the lab asks of its host. A person decides target, settings and seed once; each switch changes the protection, or
 * a setting, and nothing else: so one attack is compared with itself. The same request gives the same result, which is
 * why a kept report can stand in for a run.
 */
import type { AttackReport } from '../../core/contract/attacks/attack-report.ts';
import {
  type AttackRequest,
  type AttackSetting,
  type AttackTarget,
  unprotected,
} from '../../core/contract/attacks/attack-request.ts';
import type { AttackDescription, AttackSwitch } from '../../core/contract/attacks/description.ts';

export type Settings = Readonly<Record<string, AttackSetting>>;

/** What every switch shares. */
export interface Draft {
  readonly target: AttackTarget;
  /** Those that differ from the defaults. */
  readonly settings: Settings;
  readonly seed: number;
}

/** What a report's run asked for; a summary of one leaves out seed and target. */
type Asked = Pick<AttackReport, 'attack' | 'target' | 'protection' | 'settings' | 'seed'>;

export function switchOf({ switches }: AttackDescription, id: string): AttackSwitch {
  return switches.find((option) => option.id === id) ?? switches[0]!;
}

export function requestOf(description: AttackDescription, draft: Draft, id: string): AttackRequest {
  const { protection, settings } = switchOf(description, id);
  return {
    attack: description.name,
    target: draft.target,
    protection: { ...unprotected, ...protection },
    settings: { ...draft.settings, ...settings },
    seed: draft.seed,
  };
}

/** With defaults filled in; those given as they are where something is wrong with them. */
export function wholeSettings({ settings: schema }: AttackDescription, settings: Settings): Settings {
  const parsed = schema.safeParse(settings);
  return parsed.success ? (parsed.data as Settings) : settings;
}

/** The same attack under the same protection, whatever its target and seed: all that a summary tells. */
export function isSameExperiment(
  description: AttackDescription,
  report: Pick<Asked, 'attack' | 'protection' | 'settings'>,
  request: AttackRequest,
): boolean {
  return (
    report.attack === request.attack &&
    isSame(report.protection, request.protection) &&
    isSame(report.settings, wholeSettings(description, request.settings))
  );
}

/** A report of exactly this. */
export function isReportOf(description: AttackDescription, report: Asked, request: AttackRequest): boolean {
  return (
    isSameExperiment(description, report, request) &&
    report.seed === request.seed &&
    isSameTarget(report.target, request.target)
  );
}

export function isSameTarget(one: AttackTarget, other: AttackTarget): boolean {
  switch (one.kind) {
    case 'fresh':
      return other.kind === 'fresh';
    case 'model':
      return other.kind === 'model' && other.model === one.model;
    case 'update':
      return other.kind === 'update' && other.activity === one.activity && other.client === one.client;
  }
}

/** The target alone, without what a report says of it. */
function plainTarget(target: AttackTarget): AttackTarget {
  switch (target.kind) {
    case 'fresh':
      return { kind: 'fresh' };
    case 'model':
      return { kind: 'model', model: target.model };
    case 'update':
      return { kind: 'update', activity: target.activity, client: target.client };
  }
}

/**
 * The draft and the switch that a report is of. Of several switches that fit, the one that decides most: 'adam' rather
 * than 'none'. undefined where its protection is none of the switches' (the command line knows others).
 */
export function placeReport(
  description: AttackDescription,
  report: Asked,
): { readonly draft: Draft; readonly id: string } | undefined {
  const fitting = description.switches.filter(
    ({ protection, settings }) =>
      isSame({ ...unprotected, ...protection }, report.protection) &&
      Object.entries(settings).every(([field, value]) => report.settings[field] === value),
  );
  const [found] = fitting.sort(
    (one, other) => Object.keys(other.settings).length - Object.keys(one.settings).length,
  );
  if (found === undefined) return undefined;
  const defaults = wholeSettings(description, {});
  const settings = Object.fromEntries(
    Object.entries(report.settings).filter(
      ([field, value]) => value !== defaults[field] && found.settings[field] !== value,
    ),
  );
  return { draft: { target: plainTarget(report.target), settings, seed: report.seed }, id: found.id };
}

/** Of flat records; the order of their fields is no difference. */
function isSame(one: object, other: object): boolean {
  const [left, right] = [Object.entries(one), other as Readonly<Record<string, unknown>>];
  return left.length === Object.keys(right).length && left.every(([field, value]) => right[field] === value);
}
