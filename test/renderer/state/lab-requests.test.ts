import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { attackRequestSchema } from '../../../core/contract/attacks/attack-request.ts';
import {
  type Draft,
  isReportOf,
  isSameExperiment,
  placeReport,
  requestOf,
  wholeSettings,
} from '../../../renderer/state/lab-requests.ts';

const draft: Draft = { target: { kind: 'fresh' }, settings: {}, seed: 5 };
const description = attackCatalogue['closed-form'];

/** What a run of a switch leaves behind, as far as it says what was asked. */
function reportOf(id: string, changed: Partial<Draft> = {}) {
  const request = requestOf(description, { ...draft, ...changed }, id);
  return {
    ...request,
    target: { ...request.target, description: 'digits of MNIST' },
    settings: wholeSettings(description, request.settings),
  };
}

describe('requestOf()', () => {
  it('keeps target, seed and settings under every switch of every attack, and is a request that the host takes', () => {
    for (const any of Object.values(attackCatalogue))
      for (const { id, protection, settings } of any.switches) {
        const request = requestOf(any, draft, id);
        assert.ok(attackRequestSchema.safeParse(request).success, `${any.name} ${id}`);
        assert.ok(any.settings.safeParse(request.settings).success, `${any.name} ${id}`);
        assert.deepEqual(request.target, draft.target);
        assert.equal(request.seed, 5);
        assert.deepEqual({ ...request.protection, ...protection }, request.protection);
        assert.deepEqual({ ...request.settings, ...settings }, request.settings);
      }
  });

  it('lets a switch decide a setting over what a person has changed', () => {
    const request = requestOf(description, { ...draft, settings: { optimizer: 'sgd', batch: 16 } }, 'adam');
    assert.deepEqual(request.settings, { optimizer: 'adam', batch: 16 });
  });
});

describe('isReportOf()', () => {
  it('tells seed, target, protection and settings apart, and defaults from nothing', () => {
    const request = requestOf(description, draft, 'masks');
    assert.ok(isReportOf(description, reportOf('masks'), request));
    assert.ok(isReportOf(description, reportOf('masks', { settings: { batch: 8 } }), request));
    assert.ok(!isReportOf(description, reportOf('signature'), request));
    assert.ok(!isReportOf(description, reportOf('masks', { seed: 6 }), request));
    assert.ok(!isReportOf(description, reportOf('masks', { settings: { batch: 16 } }), request));
    const model = { kind: 'model', model: 'run-7' } as const;
    assert.ok(!isReportOf(description, reportOf('masks', { target: model }), request));
    assert.ok(isReportOf(description, reportOf('masks', { target: model }), { ...request, target: model }));
    const update = { kind: 'update', activity: 'simulation-01234567', client: 3 } as const;
    assert.ok(
      !isReportOf(description, reportOf('masks', { target: update }), {
        ...request,
        target: { ...update, client: 4 },
      }),
    );
  });

  it('is more than the same experiment, of which a summary tells', () => {
    const request = requestOf(description, draft, 'none');
    assert.ok(isSameExperiment(description, reportOf('none', { seed: 6 }), request));
    assert.ok(!isSameExperiment(description, reportOf('masks'), request));
    assert.ok(!isSameExperiment(description, { ...reportOf('none'), attack: 'pruning' }, request));
  });
});

describe('placeReport()', () => {
  it('finds draft and switch again, for every switch of every attack', () => {
    for (const any of Object.values(attackCatalogue))
      for (const { id } of any.switches) {
        const request = requestOf(any, draft, id);
        const report = {
          ...request,
          target: { ...request.target, description: '' },
          settings: wholeSettings(any, request.settings),
        };
        const place = placeReport(any, report);
        assert.ok(place !== undefined, `${any.name} ${id}`);
        // two switches may ask for the same; what they ask for is what counts
        assert.deepEqual(
          wholeSettings(any, requestOf(any, place.draft, place.id).settings),
          report.settings,
          `${any.name} ${id}`,
        );
        assert.deepEqual(requestOf(any, place.draft, place.id).protection, report.protection);
        assert.deepEqual(place.draft.target, draft.target);
        assert.equal(place.draft.seed, 5);
      }
  });

  it('keeps what a person had changed, and takes the switch that decides most', () => {
    const place = placeReport(description, reportOf('adam', { settings: { batch: 16 } }));
    assert.deepEqual(place, { id: 'adam', draft: { ...draft, settings: { batch: 16 } } });
  });

  it('finds no place for a protection that no switch has', () => {
    const report = reportOf('none');
    assert.equal(
      placeReport(description, { ...report, protection: { ...report.protection, noise: 0.5 } }),
      undefined,
    );
  });
});
