/** A point of a curve. */
export type Point = {
  /** Horizontal coordinate, such as an iteration. */
  readonly x: number;
  /** Vertical coordinate, such as a loss. */
  readonly y: number;
};

/** Side of the square in which a path is drawn. */
export const SIDE = 1000;

/**
 * Reduces a curve to at most `2 * buckets + 2` points and preserves its peaks: selects the first and the last point,
 * and the lowest and the highest point of each of `buckets` equal parts between them.
 *
 * @param points - ascending in x.
 * @param buckets - a positive integer.
 */
export function downsample(points: readonly Point[], buckets: number): readonly Point[] {
  if (points.length <= 2 * buckets) return points;
  const inner = points.slice(1, -1);
  const selected = Array.from({ length: buckets }, (_, bucket) => {
    const begin = Math.floor((bucket * inner.length) / buckets);
    const end = Math.floor(((bucket + 1) * inner.length) / buckets);
    return extremes(inner.slice(begin, end));
  });
  return [points[0], ...selected.flat(), points[points.length - 1]];
}

/** Finds the lowest and the highest point; returns them in the order of x. */
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
 * Returns the `d` attribute of an SVG path through points; y points upwards.
 *
 * @param points - coordinates from 0 to 1; a single point becomes a dot.
 */
export function pathOf(points: readonly Point[]): string {
  const places = points.map(({ x, y }) => `${coordinate(x)} ${coordinate(1 - y)}`);
  return places.length === 1 ? `M${places[0]}h0` : `M${places.join("L")}`;
}

function coordinate(fraction: number): string {
  return String(Math.round(fraction * SIDE * 10) / 10);
}
