/** What a server optimiser remembers, as one BLOB: [parameters] float64 for each vector that its kind has. */
import type { ServerOptimiserState } from '../../core/fedavg/server-optimiser.ts';
import { fromStored, toStored, type StoredNumbers } from './numbers.ts';
import { databaseDamaged } from './storage-errors.ts';

export interface StoredServerState extends StoredNumbers {
  readonly kind: string;
}

export function serverStateToStored(state: ServerOptimiserState): StoredServerState {
  return { kind: state.kind, ...toStored(vectorOf(state)) };
}

function vectorOf(state: ServerOptimiserState): Float64Array {
  switch (state.kind) {
    case 'average':
      return new Float64Array(0);
    case 'momentum':
      return state.velocity;
    case 'adam': {
      const both = new Float64Array(state.firstMoment.length + state.secondMoment.length);
      both.set(state.firstMoment);
      both.set(state.secondMoment, state.firstMoment.length);
      return both;
    }
  }
}

export function serverStateFromStored(stored: StoredServerState, path: string): ServerOptimiserState {
  const vector = fromStored(Float64Array, stored, path, "the server optimiser's vectors");
  switch (stored.kind) {
    case 'average':
      return { kind: 'average' };
    case 'momentum':
      return { kind: 'momentum', velocity: vector };
    case 'adam': {
      const half = vector.length / 2;
      return { kind: 'adam', firstMoment: vector.slice(0, half), secondMoment: vector.slice(half) };
    }
    default:
      throw databaseDamaged(path, 'it names a server optimiser that does not exist');
  }
}
