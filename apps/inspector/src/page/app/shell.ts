import { element } from "../dom.js";
import { openMenu } from "./open-menu.js";
import type { View } from "./view.js";
import type { Workbench } from "./workbench.js";

/** A view with its tab. */
export interface Tab {
  readonly name: string;
  readonly title: string;
  readonly view: View;
}

/** The frame of the page: what is open, the tabs, and what goes wrong. */
export class Shell {
  readonly element: HTMLElement;
  readonly #tabs: readonly Tab[];
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #main = element("main", { id: "main" });
  #current: Tab | undefined;

  /** @param extras - controls beside the tabs. */
  constructor(workbench: Workbench, tabs: readonly Tab[], extras: readonly HTMLElement[] = []) {
    this.#tabs = tabs;
    this.#buttons = tabs.map((tab, index) =>
      element(
        "button",
        {
          ...{ type: "button", role: "tab", id: `tab-${tab.name}`, "aria-controls": "main", tabindex: -1 },
          onclick: () => this.select(tab.name),
          onkeydown: (event: KeyboardEvent) => this.#onKey(event, index),
        },
        tab.title,
      ),
    );
    this.#main.setAttribute("role", "tabpanel");
    const name = element("p", { class: "opened" });
    workbench.on("network", (network) => {
      if (!network) return;
      const { step, description } = network.facts;
      name.textContent = `${network.name}${step === undefined ? "" : `, ${step} iterations`}: ${description}`;
    });
    workbench.on("sequence", (view) => {
      if (view && !workbench.network) name.textContent = `${view.title}, a trace`;
    });
    this.element = element(
      ...(["div", { class: "shell" }] as const),
      element("a", { class: "skip", href: "#main" }, "Skip to the content"),
      element(
        "header",
        {},
        element("p", { class: "brand" }, "DNC inspector"),
        element("nav", { role: "tablist", "aria-label": "Views" }, ...this.#buttons),
        ...extras,
        openMenu(workbench),
      ),
      name,
      statusLine(workbench),
      this.#main,
    );
  }

  /** Shows the view of a tab. */
  select(name: string): void {
    const tab = this.#tabs.find((each) => each.name === name) ?? this.#tabs[0];
    if (!tab || tab === this.#current) return;
    this.#current?.view.hide?.();
    this.#current = tab;
    this.#buttons.forEach((button, index) => {
      const isSelected = this.#tabs[index] === tab;
      button.setAttribute("aria-selected", String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
    });
    this.#main.setAttribute("aria-labelledby", `tab-${tab.name}`);
    this.#main.replaceChildren(tab.view.element);
    tab.view.select?.();
    history.replaceState(null, "", `${location.search}#${tab.name}`);
  }

  #onKey(event: KeyboardEvent, index: number): void {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const next = (index + move + this.#tabs.length) % this.#tabs.length;
    this.select((this.#tabs[next] as Tab).name);
    this.#buttons[next]?.focus();
  }
}

/** A line that says what is going on, and what went wrong. */
function statusLine(workbench: Workbench): HTMLElement {
  const busy = element("p", { class: "busy", role: "status" });
  const text = element("span", {});
  const close = element("button", { type: "button", onclick: () => show(undefined) }, "Close");
  const problem = element("div", { class: "alert", role: "alert", hidden: true }, text, close);
  const show = (sentence: string | undefined) => {
    problem.hidden = sentence === undefined;
    text.textContent = sentence ?? "";
  };
  workbench.on("busy", (what) => {
    busy.textContent = what ?? "";
  });
  workbench.on("problem", show);
  return element("div", { class: "status" }, busy, problem);
}
