/** How many it takes: what a screen must know before the host has planned anything. */
export { COMPLETE_GRAPH_LIMIT, SPARSE_GRAPH_LIMIT } from '../secagg/graph-security.ts';
export { colludersTolerated, LEAST_EXPECTED_HONEST, leastThreshold } from '../secagg/quorum.ts';
