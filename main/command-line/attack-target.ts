/** What `attack run` attacks: a fresh model, a model from files, a session's model of this machine; drawings before digits. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttackRequest, AttackTarget } from '../../core/contract/attacks/attack-request.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { modelSha256 } from '../../core/model/model-hash.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import {
  type ChosenTarget,
  drawnImages,
  freshTarget,
  requireTarget,
  targetUnknown,
} from '../attacks/material.ts';
import { readTrainedModel } from '../attacks/model-file.ts';
import { loadDataset } from '../data/load.ts';
import { callerPath } from '../files/caller-path.ts';
import { sessionTopology } from '../session/session-result.ts';
import type { Store } from '../storage/store.ts';
import type { CommandContext } from './context.ts';
import { openCommandStore } from './session-options.ts';
import { findSession } from './sessions.ts';

export interface TargetOptions {
  readonly model?: string;
  readonly drawings?: true;
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly language?: Language;
}

interface Read {
  readonly target: ChosenTarget;
  /** As the report names it. */
  readonly asked: AttackTarget;
}

/** Throws 'invalid-setting' where the attack has no such targets, 'target-unknown', and what opening files and folders throws. */
export async function readTarget(
  { attack }: Pick<AttackRequest, 'attack'>,
  options: TargetOptions,
  context: CommandContext,
): Promise<Read> {
  const path = options.model === undefined ? undefined : await modelFile(options.model);
  requireTarget({
    attack,
    target: options.model === undefined ? { kind: 'fresh' } : { kind: 'model', model: '' },
  });
  const needsStore = options.drawings === true || (options.model !== undefined && path === undefined);
  const store = needsStore ? await openCommandStore(options, context, options.language) : undefined;
  try {
    const drawings = options.drawings === true ? drawnImages(store?.drawings() ?? []) : undefined;
    if (options.drawings === true && drawings === undefined)
      throw targetUnknown(
        'your drawings',
        'there are none on this machine yet: draw one in the window first',
      );
    const base = { ...freshTarget, material: { ...freshTarget.material, drawings } };
    if (options.model === undefined) return { target: base, asked: { kind: 'fresh' } };
    if (path !== undefined) return await ofFile(path, base);
    return ofSession(store!, options.model, base);
  } finally {
    store?.close();
  }
}

/** undefined where there is no such file or folder. */
async function modelFile(given: string): Promise<string | undefined> {
  const path = callerPath(given);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? join(path, 'model.json') : path;
}

async function ofFile(path: string, base: ChosenTarget): Promise<Read> {
  const model = await readTrainedModel(path, await loadDataset(base.dataset));
  const id = modelSha256(model.topology, model.weights).slice(0, 16);
  return {
    target: { ...base, material: { ...base.material, model }, description: path },
    asked: { kind: 'model', model: `file-${id}` },
  };
}

function ofSession(store: Store, given: string, base: ChosenTarget): Read {
  const row = findSession(store, given.replace(/^session-/, ''));
  const last = store.roundSummaries(row.session).at(-1);
  const weights = last && store.model(last.modelHash);
  if (weights === undefined)
    throw targetUnknown(`the model of ${row.session}`, 'no round has ended yet, or it was not kept');
  const model = { topology: sessionTopology(sessionPlanSchema.parse(JSON.parse(row.plan))), weights };
  const choices = store.choices(row.session);
  return {
    target: {
      material: { ...base.material, model },
      description: row.title,
      dataset: choices?.role === 'coordinator' ? choices.dataset : base.dataset,
    },
    asked: { kind: 'model', model: `session-${row.session}` },
  };
}
