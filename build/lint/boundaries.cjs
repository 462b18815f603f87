/** The architecture's boundaries, checked by dependency-cruiser in `npm run check`. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-imports-only-core',
      comment: 'core is the science: nothing of the machine, the interface or the build above it',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(main|renderer|build|test)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'no sockets, files or clock in core; node:crypto only in core/crypto',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/crypto/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-crypto-imports-node-crypto-only',
      severity: 'error',
      from: { path: '^core/crypto/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'compiled-engine-runs-in-a-browser',
      comment: 'the compiled engine also runs in a browser worker: nothing that reaches node:crypto',
      severity: 'error',
      from: { path: '^core/model/compiled/' },
      to: { path: '^core/crypto/', reachable: true },
    },
    {
      name: 'renderer-sees-the-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        path: '^(main|core|build|test)/',
        pathNot:
          '^core/(contract|watching|results|model/compiled)/|^core/datasets/(drawing|dataset).ts$|^core/model/engine.ts$|^core/errors/federation-error.ts$',
      },
    },
    {
      name: 'watching-runs-in-a-browser',
      comment: 'the interface folds events by itself: nothing that reaches node:crypto',
      severity: 'error',
      from: { path: '^core/(watching|contract|results)/' },
      to: { path: '^core/crypto/', reachable: true },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^build/out/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
