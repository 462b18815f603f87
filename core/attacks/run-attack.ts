/** From an attack's name to the attack: each is loaded when it is asked for. */
import { attackCatalogue } from '../contract/attacks/catalogue.ts';
import type { AttackRequest, AttackSetting } from '../contract/attacks/attack-request.ts';
import type { AttackName } from '../contract/attacks/names.ts';
import { invalidSetting } from '../errors/federation-error.ts';
import type { Attack, AttackInput, AttackRun } from './attack.ts';

// Each attack's own settings type is checked by its schema, not by the compiler.
const attacks: Readonly<Record<AttackName, () => Promise<Attack<never>>>> = {
  'closed-form': async () => (await import('./closed-form.ts')).closedForm,
  'crowd-size': async () => (await import('./crowd-size.ts')).crowdSize,
  'privacy-gauges': async () => (await import('./privacy-gauges.ts')).privacyGauges,
  'two-stage': async () => (await import('./two-stage.ts')).twoStage,
  'model-inversion': async () => (await import('./model-inversion.ts')).modelInversion,
  'dishonest-coordinator': async () => (await import('./dishonest-coordinator.ts')).dishonestCoordinator,
  backdoor: async () => (await import('./backdoor.ts')).backdoor,
  forgery: async () => (await import('./forgery.ts')).forgery,
  'gradient-matching': async () => (await import('./gradient-matching.ts')).gradientMatching,
  'membership-inference': async () => (await import('./membership-inference.ts')).membershipInference,
  pruning: async () => (await import('./pruning.ts')).pruning,
};

/** The settings with defaults filled in. Throws FederationError 'invalid-setting' naming the first that is wrong. */
export function attackSettings({
  attack,
  settings,
}: Pick<AttackRequest, 'attack' | 'settings'>): Record<string, AttackSetting> {
  const parsed = attackCatalogue[attack].settings.safeParse(settings);
  if (parsed.success) return parsed.data as Record<string, AttackSetting>;
  const [issue] = parsed.error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '');
  throw invalidSetting(field, String(settings[field] ?? ''), issue?.message ?? 'as the attack describes it');
}

/** settings: checked (attackSettings). */
export async function runAttack(name: AttackName, input: AttackInput<unknown>): Promise<AttackRun> {
  return (await attacks[name]())(input as AttackInput<never>);
}
