import { PRETRAINED, type PretrainedName } from "@dnc/pretrained";
import "virtual:theme.css";
import "./style/page.css";
import "./style/watch.css";
import "./style/strips.css";
import "./style/memory.css";
import "./style/tour.css";
import "./style/summary.css";
import "uplot/dist/uPlot.min.css";
import "./style/learn.css";
import "./style/ask.css";
import { openPretrained } from "./app/open-menu.js";
import { Shell } from "./app/shell.js";
import { Workbench } from "./app/workbench.js";
import { AskView } from "./ask/ask-view.js";
import { LearnView } from "./learn/learn-view.js";
import { sourceFromUrl } from "./open/from-url.js";
import { startTour } from "./tour/start-tour.js";
import { WatchView } from "./watch/watch-view.js";

/** The network that is shown at first. */
const FIRST: PretrainedName = "repeat-copy-small";

const workbench = new Workbench();
const watch = new WatchView();
workbench.on("sequence", (view) => watch.show(view));
const learn = new LearnView(workbench, (tab) => shell.select(tab));
const tour = startTour(workbench, watch, () => shell.select("watch"));
const tabs = [
  { name: "watch", title: "Watch", view: watch },
  { name: "ask", title: "Ask", view: new AskView(workbench, () => shell.select("watch")) },
  { name: "learn", title: "Learn", view: learn },
];
const shell = new Shell(workbench, tabs, [tour.button]);
document.getElementById("page")?.replaceWith(shell.element);
/** Whether the page was opened by its own address, without anything to open or to show. */
const isPlain = location.search === "" && location.hash.length < 2;
shell.select(location.hash.slice(1));
if (!isPlain || !tour.welcome()) openFromUrl(new URLSearchParams(location.search));

/** Opens what the page's URL names: one of `trace`, `checkpoint`, `run` and `network`; without any, a trained network. */
async function openFromUrl(parameters: URLSearchParams): Promise<void> {
  for (const kind of ["trace", "checkpoint", "run"] as const) {
    const path = parameters.get(kind);
    if (path !== null && kind === "run") return learn.follow(path);
    if (path !== null) return void workbench.open(path, () => sourceFromUrl(kind, path));
  }
  const name = parameters.get("network") ?? FIRST;
  if (PRETRAINED.some((network) => network.name === name))
    return void openPretrained(workbench, name as PretrainedName);
  const names = PRETRAINED.map((network) => network.name).join(", ");
  workbench.report(new Error(`?network=: expected one of ${names}, got ${name.slice(0, 80)}.`));
}
