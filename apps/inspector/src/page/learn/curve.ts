import uPlot from "uplot";
import { element } from "../dom.js";

/** A curve, or several over the same iterations; null: no value there. */
export interface CurveData {
  readonly steps: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** How curves are shown. */
export interface CurveOptions {
  readonly title: string;
  /** Names of the curves; the last one stands out. */
  readonly names: readonly string[];
  /** Formats a value. */
  readonly format: (value: number) => string;
  /** Fixed ends of the vertical axis; default: those of the values. */
  readonly range?: readonly [number, number] | undefined;
}

const HEIGHT = 210;

/** All curves point at the same iteration. */
const CURSOR = uPlot.sync("iteration");

/** A chart of curves over iterations, in the colours of the page, light or dark. */
export class Curve {
  readonly element: HTMLElement;
  readonly #options: CurveOptions;
  readonly #chart = element("div", { class: "curve-chart", role: "img" });
  readonly #pointed = element("span", { class: "pointed-value" });
  #plot: uPlot | undefined;
  #data: CurveData = { steps: [], values: [] };
  #isLogarithmic = false;
  #iterations: number | undefined;

  constructor(options: CurveOptions, ...controls: readonly Node[]) {
    this.#options = options;
    const heading = element("h3", {}, options.title);
    this.element = element(
      ...(["div", { class: "curve" }] as const),
      element("div", { class: "curve-head" }, heading, this.#pointed, ...controls),
      this.#chart,
    );
    new ResizeObserver(() => this.#fit()).observe(this.#chart);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#create());
  }

  /**
   * @param iterations - end of the horizontal axis; undefined: that of the data.
   * @param description - of the curve, for those who do not see it.
   */
  show(data: CurveData, { iterations, description }: { iterations?: number | undefined; description: string }): void {
    this.#data = data;
    this.#iterations = iterations;
    this.#chart.setAttribute("aria-label", description);
    if (this.#plot) this.#plot.setData(this.#aligned);
    else this.#create();
  }

  /** Whether the vertical axis is logarithmic; values that are not positive are left out then. */
  set isLogarithmic(value: boolean) {
    if (value === this.#isLogarithmic) return;
    this.#isLogarithmic = value;
    this.#create();
  }

  get #aligned(): uPlot.AlignedData {
    const { steps, values } = this.#data;
    const shown = this.#isLogarithmic
      ? values.map((curve) => curve.map((value) => (value !== null && value > 0 ? value : null)))
      : values;
    return [[...steps], ...shown.map((curve) => [...curve])];
  }

  #fit(): void {
    const width = this.#chart.clientWidth;
    if (width === 0) return;
    if (!this.#plot) this.#create();
    else if (width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  #create(): void {
    const width = this.#chart.clientWidth;
    this.#plot?.destroy();
    this.#plot = undefined;
    if (width === 0) return;
    this.#plot = new uPlot(this.#plotOptions(width), this.#aligned, this.#chart);
  }

  #plotOptions(width: number): uPlot.Options {
    const { names, format, range } = this.#options;
    const colour = themeColours();
    const axis = {
      ...{ stroke: colour("--muted"), font: "12px system-ui, sans-serif" },
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
    };
    return {
      ...{ width, height: HEIGHT, legend: { show: false }, padding: [8, 24, 0, 0] },
      cursor: { sync: { key: CURSOR.key }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
      hooks: { setCursor: [(plot) => this.#point(plot.cursor.idx)] },
      scales: {
        x: {
          time: false,
          range: (_, min, max) => [Math.min(0, min ?? 0), Math.max(1, max ?? 1, this.#iterations ?? 0)],
        },
        y: range
          ? { range: [...range] }
          : this.#isLogarithmic
            ? { distr: 3 }
            : { range: (_, low, high) => around(low, high) },
      },
      axes: [
        {
          ...axis,
          size: 30,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString("en") : "")),
        },
        { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : format(tick))) },
      ],
      series: [
        {},
        ...names.map((_, index) => {
          const isLast = index === names.length - 1;
          const stroke = isLast ? colour("--much") : colour("--muted");
          return { stroke, width: isLast ? 2 : 1, alpha: isLast ? 1 : 0.55, spanGaps: true, points: { show: false } };
        }),
      ],
    };
  }

  #point(index: number | null | undefined): void {
    const { steps, values } = this.#data;
    const { names, format } = this.#options;
    const step = typeof index === "number" ? steps[index] : undefined;
    const found = names.flatMap((name, curve) => {
      const value = values[curve]?.[index as number];
      return step === undefined || value === null || value === undefined ? [] : [`${name} ${format(value)}`];
    });
    this.#pointed.textContent = found.length > 0 ? `iteration ${step?.toLocaleString("en")}: ${found.join(", ")}` : "";
  }
}

/** Ends of a linear axis with 0 in it. */
function around(low: number | null, high: number | null): [number, number] {
  const [min, max] = [Math.min(0, low ?? 0), Math.max(high ?? 1, 1e-6)];
  return [min * 1.05, max * 1.05];
}

function themeColours(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}
