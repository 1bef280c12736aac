/** Decides which runs of a sweep end early or wait, only from their reports: started again, a sweep decides the same. */
import type { Point } from "./history.js";
import type { StopRule, Sweep } from "./sweep-file.js";

/** A run, as rules see it. */
export interface Candidate {
  readonly name: string;
  /** Its reports by step. */
  readonly points: readonly Point[];
  /** Iterations of the complete run. */
  readonly iterations: number;
  /** `active`: it trains or will; `ended`: finished or stopped; `failed`: there will be no more reports, and it counts as worst. */
  readonly state: "active" | "ended" | "failed";
}

/** Why a run ends early. */
export interface Verdict {
  readonly rule: "median" | "halving" | "minutes";
  /** Iteration of the report that decided. */
  readonly step: number;
  readonly value: number;
  /** What the value was compared with: the median, the worst value that is kept, or minutes. */
  readonly bound: number;
}

/** What the rules say. */
export interface Decisions {
  /** Runs that end early, by name. */
  readonly stopped: ReadonlyMap<string, Verdict>;
  /** Runs that wait for others at a rung. */
  readonly held: ReadonlySet<string>;
}

/**
 * Applies the budget and the stop rule of a sweep.
 *
 * - `median`: a run stops if its newest report is worse than the median of the other runs' at the same iteration. Source: Golovin et al.
 *   2017, "Google Vizier", section 3.2.1, with the values of reports in place of their running averages.
 * - `halving`: of the runs at a rung one of `factor` goes on, once all have a report there; runs that failed are the worst. Source: Jamieson
 *   and Talwalkar 2016, "Non-stochastic best arm identification", figure 3.
 *
 * @param sweep - goal, budget and rule.
 * @param candidates - all runs of the sweep, in the order of the plan, which decides between equal values.
 */
export function decide(
  { goal, budget, stop }: Pick<Sweep, "goal" | "budget" | "stop">,
  candidates: readonly Candidate[],
): Decisions {
  const cost = ({ value }: Point) => (goal === "maximize" ? -value : value);
  const stopped = new Map<string, Verdict>();
  const held = new Set<string>();
  if (stop?.kind === "median") stopByMedian(stop, candidates, cost, stopped);
  if (stop?.kind === "halving") halve(stop, candidates, { cost, stopped, held });
  if (budget && "minutes" in budget)
    for (const { name, points, state } of candidates) {
      const isOver = ({ seconds }: Point) => seconds >= budget.minutes * 60;
      if (state !== "active" || !points.slice(-1).some(isOver)) continue;
      // Not the newest report: how many there were until one looked depends on the machine.
      const { step, value } = points.find(isOver) as Point;
      stopped.set(name, { rule: "minutes", step, value, bound: budget.minutes });
    }
  return { stopped, held };
}

type Cost = (point: Point) => number;

function stopByMedian(
  { after, runs }: StopRule & { readonly kind: "median" },
  candidates: readonly Candidate[],
  cost: Cost,
  stopped: Map<string, Verdict>,
): void {
  // One sorted list for all runs at an iteration: nothing grows with the square of the number of runs.
  const lists = new Map<number, { readonly sorted: readonly Point[]; readonly places: ReadonlyMap<Point, number> }>();
  for (const { name, points, state } of candidates) {
    const last = points.at(-1);
    if (state !== "active" || !last || last.step < after) continue;
    const { sorted, places } = lists.get(last.step) ?? listAt(last.step, candidates, cost);
    lists.set(last.step, { sorted, places });
    const own = places.get(last) ?? sorted.length;
    const count = sorted.length - 1;
    if (count < runs) continue;
    const other = (index: number) => (sorted[index < own ? index : index + 1] as Point).value;
    const bound = (other((count - 1) >> 1) + other(count >> 1)) / 2;
    if (cost(last) > cost({ ...last, value: bound }))
      stopped.set(name, { rule: "median", step: last.step, value: last.value, bound });
  }
}

function listAt(step: number, candidates: readonly Candidate[], cost: Cost) {
  const sorted = valuesAt(step, candidates, cost);
  return { sorted, places: new Map(sorted.map((point, index) => [point, index] as const)) };
}

/** Returns the newest report of each run up to an iteration that it has reached, the best first. */
function valuesAt(step: number, candidates: readonly Candidate[], cost: Cost): readonly Point[] {
  return candidates
    .flatMap(({ points, state }) => {
      const hasReached = state !== "failed" && (points.at(-1)?.step ?? -1) >= step;
      const point = hasReached ? lastUpTo(points, step) : undefined;
      return point === undefined ? [] : [point];
    })
    .sort((a, b) => cost(a) - cost(b));
}

/** Finds the last report up to an iteration, by bisection. */
function lastUpTo(points: readonly Point[], step: number): Point | undefined {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as Point).step <= step) low = middle + 1;
    else high = middle;
  }
  return points[low - 1];
}

function halve(
  { first, factor }: StopRule & { readonly kind: "halving" },
  candidates: readonly Candidate[],
  { cost, stopped, held }: { cost: Cost; stopped: Map<string, Verdict>; held: Set<string> },
): void {
  let left = candidates;
  for (let rung = first; left.length > 1 && left.some(({ iterations }) => rung < iterations); rung *= factor) {
    const reached = left.map((candidate) => ({ candidate, point: pointAt(rung, candidate) }));
    const isMissing = ({ candidate, point }: (typeof reached)[number]) => !point && candidate.state === "active";
    if (reached.some(isMissing)) {
      for (const { candidate, point } of reached) if (point && candidate.state === "active") held.add(candidate.name);
      return;
    }
    const ranked = reached
      .flatMap(({ candidate, point }) => (point && candidate.state !== "failed" ? [{ candidate, point }] : []))
      .sort((a, b) => cost(a.point) - cost(b.point));
    const kept = ranked.slice(0, Math.ceil(left.length / factor));
    const bound = kept.at(-1)?.point.value ?? Number.NaN;
    for (const { candidate, point } of ranked.slice(kept.length))
      stopped.set(candidate.name, { rule: "halving", step: point.step, value: point.value, bound });
    left = kept.map(({ candidate }) => candidate);
  }
}

/** Finds a run's first report at a rung or after it; of a run that ended before, its last one. */
function pointAt(rung: number, { points, state }: Candidate): Point | undefined {
  const last = points.at(-1);
  if (last === undefined || last.step < rung) return state === "ended" ? last : undefined;
  const before = lastUpTo(points, rung - 1);
  return points[before === undefined ? 0 : points.indexOf(before) + 1];
}
