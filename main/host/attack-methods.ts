/** Calls of the attack lab: what can be attacked, attacks that run, and reports of those that have. */
import { attackSettings } from '../../core/attacks/run-attack.ts';
import type { AttackReport } from '../../core/contract/attacks/attack-report.ts';
import { requireTarget } from '../attacks/material.ts';
import { summaryOf } from '../attacks/report.ts';
import type { AttackRow } from '../storage/store.ts';
import type { Activities } from './activities.ts';
import type { AttackRuns, AttackWatcher } from './attack-runs.ts';
import { attackTargets, chosenTarget } from './attack-targets.ts';
import { HostFailure, type HostMethods } from './calls.ts';
import { exportAttacks } from './export-attacks.ts';
import type { Removals } from './removals.ts';
import type { HostServices } from './services.ts';
import type { Shell } from './shell.ts';

export type AttackMethods = Pick<
  HostMethods,
  | 'attackTargets'
  | 'startAttack'
  | 'attackRuns'
  | 'stopAttack'
  | 'attackReports'
  | 'attackReport'
  | 'removeAttackReports'
  | 'restoreAttackReports'
  | 'putInReport'
  | 'exportAttacks'
>;

interface Parts {
  readonly services: HostServices;
  readonly shell: Shell;
  readonly activities: Activities;
  readonly removals: Removals;
  readonly runs: AttackRuns;
  /** The list of reports has changed. */
  readonly changed: () => void;
}

export function attackMethods(parts: Parts): AttackMethods {
  const { services, shell, activities, removals, runs, changed } = parts;
  const { store } = services;

  const row = (id: string): AttackRow => {
    const found = store.attack(numberOf(id));
    if (found !== undefined) return found;
    throw new HostFailure('report-unknown', 'Cannot find this attack: it was removed, or never was.');
  };
  const report = (id: string): AttackReport => ({
    ...row(id).report,
    images: store.attackImages(numberOf(id)),
  });

  return {
    attackTargets() {
      runs.prepare();
      return attackTargets(services, activities);
    },
    startAttack({ passing = false, ...request }) {
      const settings = attackSettings(request);
      requireTarget(request);
      const target = chosenTarget(services, activities, request.target);
      return { run: runs.start({ request, settings, target, passing }) };
    },
    attackRuns: () => runs.list,
    async stopAttack({ run }) {
      await runs.stop(run);
      return null;
    },
    attackReports: () =>
      store.attacks().map(({ id, report: found, inReport }) => summaryOf(`attack-${id}`, found, inReport)),
    attackReport: ({ id }) => report(id),
    removeAttackReports({ ids }) {
      store.removeAttacks(ids.map(numberOf), removals.now());
      changed();
      return null;
    },
    restoreAttackReports({ ids }) {
      store.restoreAttacks(ids.map(numberOf));
      changed();
      return null;
    },
    putInReport({ id, on }) {
      store.putAttackInReport(row(id).id, on);
      changed();
      return null;
    },
    async exportAttacks({ ids, format, language }) {
      const file = await exportAttacks(ids.map(report), format, language, shell);
      if (shell.saveFile === undefined) return file;
      return { saved: await shell.saveFile(file) };
    },
  };
}

/** Watching: each interface for itself. */
export function watchAttackMethods(
  runs: AttackRuns,
  watcher: AttackWatcher,
): Pick<HostMethods, 'watchAttack' | 'unwatchAttack'> {
  return {
    watchAttack: ({ run }) => runs.watch(run, watcher),
    unwatchAttack({ run }) {
      runs.unwatch(run, watcher);
      return null;
    },
  };
}

/** Its form has been checked. */
function numberOf(id: string): number {
  return Number(id.slice('attack-'.length));
}
