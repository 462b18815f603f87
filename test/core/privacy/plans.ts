/** Settings of plans for tests. */
import { type PrivacySettings } from '../../../core/privacy/mechanism.ts';
import { sparseParameters, toleratedClients, type Tolerance } from '../../../core/secagg/graph-security.ts';
import { colludersTolerated, leastThreshold } from '../../../core/secagg/quorum.ts';

export function settingsFor(clients: number, changes: Partial<PrivacySettings> = {}): PrivacySettings {
  const threshold = leastThreshold(clients);
  return {
    parameterCount: 1000,
    clients,
    threshold,
    colluders: colludersTolerated(clients),
    graph: 'complete',
    neighbours: clients,
    neighbourThreshold: threshold,
    noiseMultiplier: 1,
    clippingNorm: 1,
    delta: 1e-5,
    rounds: 5,
    fraction: 1,
    ...changes,
  };
}

export function sparseSettings(clients: number, tolerance: Tolerance): PrivacySettings {
  const { neighbours, threshold } = sparseParameters(clients, tolerance)!;
  return settingsFor(clients, {
    colluders: toleratedClients(clients, tolerance).corrupt,
    graph: 'sparse',
    neighbours,
    neighbourThreshold: threshold,
  });
}
