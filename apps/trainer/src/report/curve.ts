/** A point of a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points of a path are placed in a square of this side. */
export const SIDE = 1000;

/**
 * At most about `2 * buckets` of many points: of each of `buckets` equal stretches the least and the greatest, and the
 * first and the last of all. No peak is lost.
 *
 * @param points - ordered by x.
 */
export function thinned(points: readonly Point[], buckets: number): readonly Point[] {
  if (points.length <= 2 * buckets) return points;
  const inner = points.slice(1, -1);
  const kept = Array.from({ length: buckets }, (_, bucket) => {
    const begin = Math.floor((bucket * inner.length) / buckets);
    const end = Math.floor(((bucket + 1) * inner.length) / buckets);
    return extremes(inner.slice(begin, end));
  });
  return [points[0], ...kept.flat(), points[points.length - 1]];
}

/** The lowest and the highest, in their order. */
function extremes(points: readonly Point[]): readonly Point[] {
  let [low, high] = [0, 0];
  points.forEach(({ y }, index) => {
    if (y < points[low].y) low = index;
    if (y > points[high].y) high = index;
  });
  const [first, second] = [Math.min(low, high), Math.max(low, high)];
  return first === second ? [points[first]] : [points[first], points[second]];
}

/**
 * The `d` of an SVG path through points, y upwards.
 *
 * @param points - from 0 to 1 each; a single one becomes a dot.
 */
export function pathOf(points: readonly Point[]): string {
  const places = points.map(({ x, y }) => `${place(x)} ${place(1 - y)}`);
  return places.length === 1 ? `M${places[0]}h0` : `M${places.join("L")}`;
}

function place(share: number): string {
  return String(Math.round(share * SIDE * 10) / 10);
}
