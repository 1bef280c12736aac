import { element } from "../dom.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { largest, SequenceTrace } from "../trace/trace.js";

/** Words that are shown of each step, the most probable first. */
const SHOWN = 3;

/** The words of an answer: at each step that counts the most probable ones, with their probabilities. */
export function wordAnswers(view: SequenceView): HTMLElement {
  const trace = new SequenceTrace(view.trace);
  const nameOf = (symbol: number) => view.labels?.targets[symbol] ?? `symbol ${symbol}`;
  const items = Array.from({ length: trace.timeSteps }, (_, step) => step)
    .filter((step) => (trace.at("mask", step)[0] ?? 0) > 0)
    .map((step) => {
      const output = trace.at("output", step);
      const ranked = Array.from(output.keys()).sort((a, b) => (output[b] as number) - (output[a] as number));
      const right = largest(trace.at("target", step));
      const isWrong = !view.withoutTargets && ranked[0] !== right;
      const words = ranked.slice(0, SHOWN).map((symbol, rank) => {
        const share = `${((output[symbol] as number) * 100).toFixed(1)}%`;
        return element(rank === 0 ? "strong" : "span", {}, `${nameOf(symbol)} ${share}`);
      });
      const verdict = view.withoutTargets ? [] : [isWrong ? ` wrong, expected ${nameOf(right)}` : " right"];
      return element("li", { class: isWrong ? "is-wrong" : "" }, ...words, ...verdict);
    });
  return element("ol", { class: "word-answers" }, ...items);
}
