/** Words of grades, for people. */
import type { Criterion, MetricName } from "@dnc/settings";
import { percentage } from "../terminal/format.js";

/** The metrics that are numbers; all others are fractions. */
const NUMBERS = /^bits|^slots|contrast$/;

/** Formats a value of a metric. */
export function metricText(metric: MetricName, value: number): string {
  return NUMBERS.test(metric) ? figure(value) : percentage(value);
}

/** Formats what a criterion asks for: `exact match at least 99%`. */
export function boundText({ metric, atLeast, atMost }: Criterion): string {
  const [word, bound] = atLeast === undefined ? ["at most", atMost] : ["at least", atLeast];
  return `${metric} ${word} ${metricText(metric, bound as number)}`;
}

/** Formats a number with three digits. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
