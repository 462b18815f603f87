import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spokePhases } from '../../../core/contract/watched.ts';
import {
  beadTravel,
  layRing,
  longestNameAt,
  namesAlternate,
  neighbourOf,
  partAt,
  placeCrowdNames,
  placeName,
  seatOf,
  spotAt,
  angleOf,
} from '../../../renderer/pictures/ring-geometry.ts';

const sizes = [
  { width: 850, height: 540, unit: 16 },
  { width: 560, height: 330, unit: 16 },
  { width: 1_500, height: 1_100, unit: 27 },
].map(({ width, height, unit }) => ({ width, height, unit: unit / 16 }));
const counts = [3, 4, 20, 28, 29, 100, 500];

describe('layRing()', () => {
  it('keeps every mask inside, and zones in their order, at every size and number', () => {
    for (const { width, height, unit } of sizes)
      for (const count of counts) {
        const layout = layRing(count, width, height, unit);
        assert.ok(0 < layout.core && layout.core < layout.masked, `${count} at ${width}`);
        assert.ok(layout.masked < layout.outer && layout.outer < layout.ring, `${count} at ${width}`);
        for (let index = 0; index < count; index += 1) {
          const { x, y } = seatOf(layout, index);
          assert.ok(x >= layout.mask / 2 && x <= width - layout.mask / 2);
          assert.ok(y >= layout.mask / 2 && y <= height - layout.mask / 2);
        }
      }
  });

  it('keeps masks of neighbours apart up to a hundred people', () => {
    for (const { width, height, unit } of sizes)
      for (const count of counts.filter((number) => number <= 100)) {
        const layout = layRing(count, width, height, unit);
        for (const step of [1, 2]) {
          const [first, second] = [seatOf(layout, 0), seatOf(layout, step % count)];
          const apart = Math.hypot(first.x - second.x, first.y - second.y);
          assert.ok(apart > layout.mask * 0.8, `${count} at ${width}: ${apart} of ${layout.mask}`);
        }
      }
  });
});

describe('beadTravel()', () => {
  it('moves inwards with every phase, and ends at the disc', () => {
    const layout = layRing(20, 850, 540, 1);
    const path = [
      'waiting',
      'keys',
      'shares',
      'training',
      'masking',
      'signing',
      'sending',
      'verified',
    ] as const;
    const travelled = path.map((phase) => beadTravel(layout, { phase, progress: 0 }));
    assert.deepEqual(
      travelled,
      [...travelled].sort((left, right) => left - right),
    );
    assert.equal(new Set(travelled).size, path.length);
    for (const phase of spokePhases) {
      const moved = beadTravel(layout, { phase, progress: null });
      assert.ok(moved >= 0 && moved <= layout.outer - layout.core, phase);
    }
  });

  it('follows progress within training, and never into the lozenges', () => {
    const layout = layRing(20, 850, 540, 1);
    const [early, late] = [
      beadTravel(layout, { phase: 'training', progress: 0 }),
      beadTravel(layout, { phase: 'training', progress: 1 }),
    ];
    assert.ok(early < late && late < beadTravel(layout, { phase: 'masking', progress: null }));
    assert.equal(beadTravel(layout, { phase: 'training', progress: 7 }), late);
  });
});

describe('placeName()', () => {
  it('stands outside the ring: above at the top, below at the bottom, beside elsewhere', () => {
    const layout = layRing(20, 850, 540, 1);
    const plain = { noted: false, selected: false };
    assert.ok(placeName(layout, 0, plain).y < 0);
    assert.ok(placeName(layout, 10, plain).y > 0);
    assert.equal(placeName(layout, 5, plain).anchor, 'start');
    assert.equal(placeName(layout, 15, plain).anchor, 'end');
    assert.equal(placeName(layout, 5, { noted: true, selected: false }).stacked, true);
  });
});

describe('namesAlternate()', () => {
  it('keeps short names on one line, and moves every second one away where long ones would overlap', () => {
    const layout = layRing(20, 850, 540, 1);
    const short = Array.from({ length: 20 }, () => 5);
    assert.equal(namesAlternate(layout, short), false);
    assert.equal(namesAlternate(layout, short.with(1, 14)), true);
    // beside the ring there is room
    assert.equal(namesAlternate(layout, short.with(5, 14)), false);
    const above = (index: number) =>
      placeName(layout, index, { noted: false, selected: false, alternate: true }).y;
    assert.ok(above(1) < above(0) - 8 && above(19) === above(1));
    const narrow = layRing(28, 560, 330, 1);
    assert.ok(longestNameAt(narrow, 0, true) < longestNameAt(narrow, 0, false));
    assert.equal(longestNameAt(narrow, 7, true), longestNameAt(narrow, 7, false));
  });
});

describe('placeCrowdNames()', () => {
  const layout = layRing(100, 850, 540, 1);

  it('lets no two names overlap that stand side by side, and keeps them outside both rows', () => {
    const names = [0, 1, 2, 24, 25, 26, 49, 50].map((index) => ({ index, width: 120 }));
    const places = placeCrowdNames(layout, names);
    const boxes = names.map(({ index, width }) => {
      const place = places.get(index)!;
      const seat = seatOf(layout, index);
      const x = seat.x + place.x;
      const left = place.anchor === 'start' ? x : place.anchor === 'end' ? x - width : x - width / 2;
      const out = Math.hypot(x - layout.x, seat.y + place.y - layout.y);
      assert.ok(out >= layout.ring + layout.mask / 2, `${index} stands inside`);
      return { left, right: left + width, y: seat.y + place.y };
    });
    for (const [index, box] of boxes.entries()) {
      for (const other of boxes.slice(index + 1))
        assert.ok(box.right < other.left || box.left > other.right || Math.abs(box.y - other.y) >= 12);
    }
  });
});

describe('partAt()', () => {
  const layout = layRing(20, 850, 540, 1);
  const travel = Array.from({ length: 20 }, () => beadTravel(layout, { phase: 'keys', progress: null }));

  it('finds a bead before the zone that it stands in', () => {
    const bead = spotAt(layout, layout.outer - travel[4]!, angleOf(4, 20));
    assert.deepEqual(partAt(layout, travel, bead), { person: 4 });
  });

  it('tells the disc, the masked and the readable zone, and nothing', () => {
    const at = (radius: number) => partAt(layout, travel, spotAt(layout, radius, 0.1));
    assert.equal(at(layout.core - 2), 'core');
    assert.equal(at(layout.masked - 2), 'masked');
    assert.equal(at(layout.masked + 4), 'clear');
    assert.equal(at(layout.outer + 4), 'nothing');
  });
});

describe('neighbourOf()', () => {
  it('walks round the ring both ways', () => {
    assert.equal(neighbourOf(19, 20, 'ArrowRight'), 0);
    assert.equal(neighbourOf(0, 20, 'ArrowUp'), 19);
    assert.equal(neighbourOf(7, 20, 'End'), 19);
    assert.equal(neighbourOf(7, 20, 'a'), undefined);
  });
});
