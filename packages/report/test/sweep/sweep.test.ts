import { describe, expect, it } from "vitest";
import { bestRun, renderSweep, type Sweep, sweepCsv, sweepFigures } from "../../src/index.js";
import { sweepCharts } from "../../src/sweep/sweep-curves.js";
import { bestFirst, settingGroups } from "../../src/sweep/sweep-numbers.js";
import { HOSTILE, unclosed, withoutOwn } from "../markup.js";
import { traceOf } from "../support.js";
import { sweepOf, sweptRun } from "./support.js";

const failed = {
  status: "failed",
  metrics: { reports: [{ step: 100, loss: 1e-9 }], error: "the loss is NaN" },
} as const;
const waiting = { status: "waiting", metrics: { reports: [] } } as const;
const RUNS = [
  sweptRun(1, 3, { masking: false }),
  sweptRun(1, 1),
  sweptRun(2, 2, { masking: false }),
  sweptRun(2, 0.5),
  sweptRun(3, 0, { masking: false, ...failed }),
  sweptRun(3, 0.1, { status: "stopped", reason: "worse than the median" }),
  sweptRun(4, 7, { masking: false }),
  sweptRun(4, 0, waiting),
];
const SWEEP = sweepOf(RUNS, { preset: "copy", command: "dnc sweep sweep.json" });

/** Returns the texts of the cells of the row that begins with a label. */
function rowOf(page: string, label: string): readonly string[] {
  const row = page.split("<tr>").find((each) => each.includes(`>${label}</th>`)) ?? "";
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text]) => text.replaceAll(/<[^>]*>/g, ""));
}

describe("the settings of a sweep", () => {
  const groups = bestFirst(settingGroups(SWEEP), SWEEP.metric);

  it("have mean, deviation, standard error and median of the runs that trained to the end", () => {
    const [on, off] = groups;
    expect(on).toMatchObject({ label: "masking on", result: { mean: 0.75, median: 0.75, count: 2 } });
    expect(off.result).toMatchObject({ mean: 4, median: 3, count: 3 });
    expect(off.result?.deviation).toBeCloseTo(Math.sqrt(7), 12);
    expect(off.result?.standardError).toBeCloseTo(Math.sqrt(7 / 3), 12);
  });

  it("are ranked by the goal, and a setting without a result is last", () => {
    const metric = { name: "loss", goal: "maximize" } as const;
    expect(bestFirst(groups, metric).map(({ label }) => label)).toEqual(["masking off", "masking on"]);
    const none = settingGroups(sweepOf([sweptRun(1, 0, failed), sweptRun(1, 9, { masking: false })]));
    expect(bestFirst(none, SWEEP.metric).map(({ label }) => label)).toEqual(["masking off", "masking on"]);
  });

  it("are learned when half of all seeds have learned, whatever became of the others", () => {
    const reports = (...matches: readonly number[]) =>
      matches.map((exact_match, index) => ({ step: 100 * (index + 1), loss: 1, exact_match, seconds: index + 0.5 }));
    const runs = [
      sweptRun(1, 1, { metrics: { reports: reports(0.5, 0.99, 0.2) } }),
      sweptRun(2, 1, { metrics: { reports: reports(0.995) }, status: "stopped" }),
      sweptRun(3, 1, { metrics: { reports: reports(0.5, 0.6, 0.7, 1) } }),
      sweptRun(4, 1, { metrics: { reports: reports(0.98, 0.989) } }),
      sweptRun(5, 1, failed),
    ];
    const toLearn = (some: typeof runs) => settingGroups(sweepOf(some))[0].toLearn;
    expect(toLearn(runs)).toEqual({ step: 400, seconds: 3.5 });
    expect(toLearn(runs.slice(0, 4))).toEqual({ step: 300, seconds: 2.5 });
    expect(toLearn(runs.slice(1))).toEqual({ step: undefined, seconds: undefined });
    expect(toLearn([sweptRun(1, 0.001)])).toEqual({ step: 200, seconds: undefined });
  });

  it("have a best run that is not one that failed or was stopped, unless none trained to the end", () => {
    expect(bestRun(SWEEP)).toBe(3);
    expect(bestRun({ ...SWEEP, metric: { name: "exact_match" } })).toBe(3);
    expect(bestRun({ ...SWEEP, metric: { name: "loss", goal: "maximize" } })).toBe(6);
    expect(bestRun(sweepOf([RUNS[4], RUNS[5], RUNS[7]]))).toBe(1);
    expect(bestRun(sweepOf([RUNS[4], RUNS[7]]))).toBeUndefined();
  });
});

describe("the curves of a sweep", () => {
  it("are means of the runs that trained to the end, in front of all that have reports", () => {
    const [{ title, series }] = sweepCharts(SWEEP, settingGroups(SWEEP));
    expect(title).toBe("Loss");
    expect(series.map(({ name, runs }) => [name, runs?.length])).toEqual([
      ["masking off", 4],
      ["masking on", 3],
    ]);
    expect(series[0].points.map(({ y }) => y)).toEqual([4, 4]);
    expect(series[1].points.map(({ y }) => y)).toEqual([4, 0.75]);
  });

  it("are those of the best settings, without single runs if there are many", () => {
    const runs = Array.from({ length: 150 }, (_, index) => {
      const settings = { masking: index % 30 };
      return sweptRun(index, index % 30, { settings, name: `run ${index}` });
    });
    const groups = bestFirst(settingGroups(sweepOf(runs)), SWEEP.metric);
    const [{ series }] = sweepCharts(SWEEP, groups);
    expect(series.map(({ name }) => name)).toEqual(Array.from({ length: 14 }, (_, value) => `masking ${value}`));
    const few = sweepOf(runs.filter((_, index) => index % 30 < 14));
    expect(sweepCharts(few, settingGroups(few))[0].series[0].runs).toHaveLength(5);
    const more = sweepOf([...few.runs, ...few.runs.map((run) => ({ ...run, name: `${run.name} again` }))]);
    expect(sweepCharts(more, settingGroups(more))[0].series[0].runs).toBeUndefined();
  });
});

describe("a sweep of runs that end after some minutes", () => {
  const timed = sweepOf(
    RUNS.map((run) => ({
      ...run,
      metrics: { reports: run.metrics.reports.map((each, at) => ({ ...each, seconds: (2 * at + 1) * run.seed })) },
    })),
    { minutes: 0.5 },
  );

  it("has loss and exact match by time first, over the seconds of each run", () => {
    const charts = sweepCharts(timed, settingGroups(timed));
    expect(charts.map(({ title, along }) => `${title}, ${along}`)).toEqual([
      ...["Loss by time, seconds", "Exact match by time, seconds", "Loss, iterations", "Exact match, iterations"],
    ]);
    const [off] = charts[0].series;
    // Runs with reports at 1 and 3, 2 and 6, 4 and 12 seconds: the first ends before the last begins, so the mean is one point.
    expect(off.points).toEqual([{ x: 3, y: (3 + (4 + 0.25 * (2 - 4)) + 4) / 3 }]);
    expect(sweepFigures(timed).map(({ file }) => file)).toContain("loss-by-time.svg");
  });

  it("says so on its page, and names the seconds of its charts", () => {
    const page = renderSweep(timed);
    expect(page).toContain("<dt>Budget</dt><dd>0.5 minutes of training for each run</dd>");
    expect(page.match(/<p class="across">(iterations|seconds)</g)).toEqual(
      ["seconds", "seconds", "iterations", "iterations"].map((word) => `<p class="across">${word}<`),
    );
    expect(page.match(/data-chart="\{&quot;along&quot;:&quot;\w+/g)).toEqual(
      ["second", "second", "iteration", "iteration"].map((word) => `data-chart="{&quot;along&quot;:&quot;${word}`),
    );
    expect(renderSweep(SWEEP)).not.toMatch(/by time|<dt>Budget/);
  });
});

describe("the page of a sweep", () => {
  const page = renderSweep(SWEEP);

  it("has the settings by metric with their standard errors, and counts what failed or was stopped", () => {
    expect(unclosed(page)).toEqual([]);
    expect(rowOf(page, "masking off")).toEqual([
      ...["4", "3", "0", "1", "4.0000 \u00b1 2.6458", "1.5275", "3.0000", "0 of 4", "\u2013"],
    ]);
    expect(rowOf(page, "masking on").slice(0, 5)).toEqual(["4", "2", "1", "0", "0.7500 \u00b1 0.3536"]);
    expect(page).toContain("5 trained to the end, 1 ended by a stop rule, 1 failed, 1 not begun");
    expect(page).toContain("2 settings with 4 seeds each.");
    expect(page).toContain("<code><span>dnc</span> <span>sweep</span> <span>sweep.json</span></code>");
  });

  it("has a column for each of up to four settings, and no column for what a rule stopped if it stopped none", () => {
    const names = ["masking", "links", "size", "rate", "more"];
    const tableOf = (count: number) => {
      const settings = Object.fromEntries(names.slice(0, count).map((name, index) => [name, index]));
      const text = renderSweep(
        sweepOf([sweptRun(1, 1, { settings })], { settings: names.slice(0, count).map((name) => ({ name })) }),
      );
      const [table] = text.split("</table>");
      return [...table.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)].map(([, name]) => name);
    };
    expect(tableOf(1).slice(0, 4)).toEqual(["Runs with", "Seeds", "Finished", "Failed"]);
    expect(tableOf(2).slice(0, 4)).toEqual(["Place", "masking", "links", "Seeds"]);
    expect(tableOf(4).slice(0, 6)).toEqual(["Place", ...names.slice(0, 4), "Seeds"]);
    expect(tableOf(5)[0]).toBe("Runs with");
    expect(page).toContain(">Stopped</th>");
  });

  it("has every run with how it ended", () => {
    expect(rowOf(page, "masking=false,seed=3")).toEqual(["off", "3", "100", "\u2013", "failed: the loss is NaN"]);
    expect(rowOf(page, "masking=true,seed=3").at(-1)).toBe("stopped: worse than the median");
    expect(rowOf(page, "masking=true,seed=4")).toEqual(["on", "4", "\u2013", "\u2013", "waiting"]);
  });

  it("has parallel coordinates of the runs that have begun, with the best highlighted", () => {
    expect(page.match(/<path data-line=/g)).toHaveLength(7);
    expect(page).toMatch(/data-line="masking=true,seed=2\nmasking: on\nloss: 0\.5" data-best=""/);
    expect(page).toContain(">lower is better</text>");
  });

  it("is complete without reports, without settings that vary, and with the memory of the best run", () => {
    const none = renderSweep(sweepOf([sweptRun(1, 0, waiting)]));
    expect([...none.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(["Settings", "Runs"]);
    expect(none).not.toContain("Best run");
    const seeds = renderSweep(sweepOf(RUNS.slice(0, 1), { settings: [], bestTrace: { data: traceOf() } }));
    expect(rowOf(seeds, "all runs")[0]).toBe("1");
    expect(seeds).toContain('class="location-chart"');
    for (const text of [none, seeds]) expect(unclosed(text)).toEqual([]);
  });

  it("escapes its texts", () => {
    const run = sweptRun(1, 1, { name: HOSTILE, settings: { [HOSTILE]: HOSTILE }, reason: HOSTILE });
    const settings = [{ name: HOSTILE }];
    const texts = { title: HOSTILE, preset: HOSTILE, command: HOSTILE, lossUnit: HOSTILE };
    const text = renderSweep(sweepOf([run], { settings, ...texts }));
    expect(unclosed(text)).toEqual([]);
    expect(withoutOwn(text)).not.toMatch(/<script|<img src='|\0/);
  });

  it("refuses no runs and two of one name", () => {
    expect(() => renderSweep(sweepOf([]))).toThrow(new RangeError("runs: expected at least one, got none"));
    expect(() => renderSweep(sweepOf([RUNS[0], RUNS[1], RUNS[0]]))).toThrow(
      new RangeError("runs[2].name: expected a different one for each run, got masking=false,seed=1 again"),
    );
  });
});

describe("the files of a sweep", () => {
  it("have one CSV row per run", () => {
    const rows = sweepCsv(SWEEP).split("\n");
    expect(rows).toHaveLength(RUNS.length + 2);
    expect(rows[0]).toBe("run,masking,seed,step,loss,status,reason");
    expect(rows[4]).toBe('"masking=true,seed=2",true,2,200,0.5,finished,');
    expect(rows[5]).toBe('"masking=false,seed=3",false,3,100,1e-9,failed,the loss is NaN');
    expect(rows[8]).toBe('"masking=true,seed=4",true,4,,,waiting,');
    const quoted = sweepCsv(sweepOf([sweptRun(1, 1, { name: 'a "b"\nc' })]));
    expect(quoted).toContain('"a ""b""\nc",true,1,200,1,finished,\n');
  });

  it("have each figure as an SVG of its own", () => {
    const files = (sweep: Sweep) => sweepFigures(sweep).map(({ file }) => file);
    expect(files(SWEEP)).toEqual(["loss.svg", "exact-match.svg", "settings-and-metric.svg"]);
    expect(files({ ...SWEEP, bestTrace: { data: traceOf() } }).at(-1)).toBe("best-run-locations.svg");
    for (const { svg } of sweepFigures({ ...SWEEP, bestTrace: { data: traceOf() } })) {
      expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
      expect(unclosed(svg)).toEqual([]);
    }
    expect(files(sweepOf([sweptRun(1, 0, waiting)]))).toEqual([]);
  });
});
