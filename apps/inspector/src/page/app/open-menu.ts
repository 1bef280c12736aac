import { fetchPretrained, PRETRAINED, type PretrainedName } from "@dnc/pretrained";
import { element } from "../dom.js";
import { droppedFiles, pickedFiles } from "../open/dropped.js";
import { sourceFromFiles } from "../open/from-files.js";
import type { Workbench } from "./workbench.js";

/** The controls that open something: a list of trained networks, files and folders; dropping works anywhere on the page. */
export function openMenu(workbench: Workbench): HTMLElement {
  const select = element(
    "select",
    { "aria-label": "Trained network", onchange: () => openPretrained(workbench, select.value as PretrainedName) },
    element("option", { value: "", disabled: true, selected: true }, "Trained networks"),
    ...PRETRAINED.map(({ name, description }) => element("option", { value: name, title: description }, name)),
  );
  workbench.on("network", (network) => {
    select.value = PRETRAINED.some(({ name }) => name === network?.name) ? (network?.name as string) : "";
  });
  listenForDrops(workbench);
  return element(
    ...(["div", { class: "open", role: "group", "aria-label": "Open" }] as const),
    select,
    picker(workbench, "Open files", { multiple: true, accept: ".json,.safetensors,.zip" }),
    picker(workbench, "Open a run", { webkitdirectory: true }),
  );
}

/** Opens a network of `@dnc/pretrained`. */
export function openPretrained(workbench: Workbench, name: PretrainedName): Promise<boolean> {
  return workbench.open(name, async () => ({ kind: "network", name, files: await fetchPretrained(name) }));
}

function picker(
  workbench: Workbench,
  label: string,
  attributes: Readonly<Record<string, string | boolean>>,
): HTMLElement {
  const input = element("input", {
    ...{ type: "file", class: "unseen", tabindex: -1, "aria-hidden": "true", ...attributes },
    onchange: () => {
      const files = pickedFiles(input.files ?? []);
      if (files.length > 0) workbench.open("your files", () => sourceFromFiles(files));
      input.value = "";
    },
  });
  return element("span", {}, element("button", { type: "button", onclick: () => input.click() }, label), input);
}

function listenForDrops(workbench: Workbench): void {
  const mark = (isOver: boolean) => document.body.classList.toggle("dropping", isOver);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const { dataTransfer } = event;
    if (!dataTransfer) return;
    const files = droppedFiles(dataTransfer);
    workbench.open("what you dropped", async () => sourceFromFiles(await files));
  });
}
