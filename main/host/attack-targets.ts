/** What of this machine can be attacked: fresh models, models that were trained here, updates of demonstrations. */
import type { AttackTargets } from '../../core/contract/attacks/host-methods.ts';
import type { AttackTarget } from '../../core/contract/attacks/attack-request.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import {
  type ChosenTarget,
  drawnImages,
  freshTarget,
  notADemonstration,
  targetUnknown,
} from '../attacks/material.ts';
import { firstNameOf } from '../simulation/names.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import type { Activities } from './activities.ts';
import type { Activity } from './activity.ts';
import { HostFailure } from './calls.ts';
import { trainedModel, type TrainedModel } from './classify.ts';
import type { HostServices } from './services.ts';
import { sessionTopology } from '../session/session-result.ts';
import { planOf } from './session-service.ts';

/** What goes on here. */
type Known = Pick<Activities, 'all' | 'get'>;

const sessionPrefix = 'session-';

export function attackTargets(services: HostServices, activities: Known): AttackTargets {
  const { store } = services;
  const open = activities.all;
  const modelsOfOpen = open.filter(hasModel).map((activity) => ({
    model: activity.id,
    title: activity.watched.title,
    description: describedActivity(activity),
  }));
  const shown = new Set(open.filter(hasModel).map(({ watched }) => watched.stored));
  const modelsOfPast = store
    .sessions()
    .filter((row) => !shown.has(sessionPrefix + row.session) && keepsModel(store, row))
    .map((row) => ({
      model: sessionPrefix + row.session,
      title: row.title,
      description: describedSession(row),
    }));
  const updates = open.flatMap((activity) => {
    const sent = activity.service?.sentUpdates?.();
    if (sent === undefined || sent.clients.length === 0) return [];
    const clients = sent.clients.map((number) => ({ number, name: nameOf(activity, number) }));
    return [{ activity: activity.id, title: activity.watched.title, masked: sent.masked, clients }];
  });
  return { models: [...modelsOfOpen, ...modelsOfPast], updates, drawings: services.drawings().length };
}

/** Throws FederationError 'target-unknown', 'not-a-demonstration'. */
export function chosenTarget(services: HostServices, activities: Known, target: AttackTarget): ChosenTarget {
  const drawings = drawnImages(services.drawings());
  const material = { ...freshTarget.material, drawings };
  switch (target.kind) {
    case 'fresh':
      return { ...freshTarget, material };
    case 'model': {
      const { weights, topology } = modelAt(services.store, activities, target.model);
      const learntFrom = dealtImages(activities, target.model);
      const model = { weights, topology, ...(learntFrom === undefined ? {} : { learntFrom }) };
      return { material: { ...material, model }, ...aboutModel(services.store, activities, target.model) };
    }
    case 'update': {
      const activity = activityAt(activities, target.activity);
      const observed = observedUpdate(activity, target.client, services.store);
      return {
        material: { ...material, observed },
        description: `${activity.watched.title}, ${nameOf(activity, target.client)}`,
        dataset: datasetOf(services.store, activity),
      };
    }
  }
}

/** Of a simulation: what was dealt to its clients. */
function dealtImages(activities: Known, id: string): Uint32Array | undefined {
  const service = activities.all.find((activity) => activity.id === id)?.service;
  const dealt: number[] = [];
  for (let client = 1; ; client += 1) {
    const part = service?.partOf?.(client);
    if (part === undefined) break;
    for (const place of part) dealt.push(place);
  }
  return dealt.length === 0 ? undefined : Uint32Array.from(dealt);
}

function observedUpdate(
  activity: Activity,
  client: number,
  store: Store,
): ChosenTarget['material']['observed'] {
  const { service } = activity;
  const sent = service?.sentUpdates?.();
  if (sent === undefined) throw notADemonstration(activity.id);
  const read = sent.read(client);
  const topology = topologyOf(activity, store);
  if (read === undefined || topology === undefined)
    throw targetUnknown(`the update of client ${client}`, 'this client has sent none, or it is not kept');
  const { parameters, weights, update, masked, examples } = read;
  const truth = service?.partOf?.(client);
  return {
    topology,
    weights,
    update,
    masked,
    optimiser: parameters.optimiser,
    batchSize: parameters.batch,
    epochs: parameters.epochs,
    examples: truth?.length ?? examples ?? 0,
    truth,
  };
}

function topologyOf({ id, service, watched }: Activity, store: Store): TrainedModel['topology'] | undefined {
  const network = service?.network?.();
  if (network !== undefined) return network.topology;
  const row = watched.stored === null ? undefined : store.session(watched.stored.slice(sessionPrefix.length));
  return row === undefined || !id.startsWith('coordinator-') ? undefined : sessionTopology(planOf(row));
}

function modelAt(store: Store, activities: Known, id: string): TrainedModel {
  try {
    return trainedModel(store, activities, id);
  } catch (error) {
    if (!(error instanceof HostFailure) && !isFederationError(error)) throw error;
    throw targetUnknown(
      'this model',
      'it was closed or deleted, or no round has ended yet: simulations keep no model once they are closed',
    );
  }
}

function activityAt(activities: Known, id: string): Activity {
  try {
    return activities.get(id);
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    throw targetUnknown('this update', 'its simulation or session was closed, or never was');
  }
}

function aboutModel(
  store: Store,
  activities: Known,
  id: string,
): Pick<ChosenTarget, 'description' | 'dataset'> {
  if (!id.startsWith(sessionPrefix)) {
    const activity = activities.get(id);
    return { description: activity.watched.title, dataset: datasetOf(store, activity) };
  }
  const session = id.slice(sessionPrefix.length);
  return { description: store.session(session)?.title ?? id, dataset: datasetOfSession(store, session) };
}

function datasetOf(store: Store, { watched }: Activity): string {
  const { kind, stored, settings } = watched;
  if (kind === 'simulation' || kind === 'comparison') return settings.dataset;
  return stored === null ? 'mnist' : datasetOfSession(store, stored.slice(sessionPrefix.length));
}

/** A coordinator knows where its data lies; elsewhere images are taken of MNIST. */
function datasetOfSession(store: Store, session: string): string {
  const choices = store.choices(session);
  return choices?.role === 'coordinator' ? choices.dataset : 'mnist';
}

function hasModel({ service, watched }: Activity): boolean {
  return (
    service?.model() !== undefined &&
    (service.network?.() !== undefined || watched.stored?.startsWith(sessionPrefix) === true)
  );
}

function keepsModel(store: Store, { session }: SessionRow): boolean {
  return store.roundSummaries(session).length > 0;
}

function describedActivity({ watched: { prepared, settings } }: Activity): string {
  return prepared === null ? settings.model : `${prepared.model.name}, ${prepared.dataset.name}`;
}

function describedSession(row: SessionRow): string {
  const { model, data } = planOf(row);
  return `${model.name}, ${data.name}`;
}

function nameOf({ watched }: Activity, client: number): string {
  return watched.roster?.members.find(({ number }) => number === client)?.name ?? firstNameOf(client);
}
