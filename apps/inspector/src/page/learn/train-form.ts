import { element } from "../dom.js";
import type { TrainingRequest } from "../training/training-events.js";
import type { PageEngine } from "../training/use-engine.js";
import type { OfferedPreset } from "./presets.js";

const FIRST_PRESET = "repeat-copy-small";

/** The largest seed, and the largest of those that are drawn: short, as names of runs end with it. */
const MAX_SEED = 2 ** 31 - 1;
const MAX_DRAWN_SEED = 9999;

/** What is to be trained: a preset, and settings that differ from it. */
export class TrainForm {
  readonly element: HTMLFormElement;
  readonly #presets: readonly OfferedPreset[];
  readonly #preset = element("select", { id: "learn-preset", onchange: () => this.#showPreset() });
  readonly #about = element("p", { class: "note" });
  readonly #seed = numberField("learn-seed", { min: 0, max: MAX_SEED, step: 1 });
  readonly #iterations = numberField("learn-iterations", { min: 1, step: 1 });
  readonly #learningRate = numberField("learn-rate", { min: 0, step: "any" });
  readonly #engine = element("select", { id: "learn-engine" });
  readonly #more = element("textarea", {
    id: "learn-settings",
    rows: 4,
    spellcheck: "false",
    placeholder: '{ "memory_size": 32 }',
  });

  /** @param onStart - called with what is to be trained, or with what is wrong. */
  constructor(presets: readonly OfferedPreset[], onStart: (request: () => TrainingRequest) => void) {
    this.#presets = presets;
    this.#preset.append(
      ...presets.map(({ name, unavailable }) =>
        element(
          "option",
          { value: name, disabled: unavailable !== undefined },
          unavailable === undefined ? name : `${name} (${unavailable})`,
        ),
      ),
    );
    this.#preset.value = FIRST_PRESET;
    this.#engine.append(element("option", { value: "wasm" }, "WebAssembly"));
    // Whether there is a device shows when it starts: to ask for one is a warning in the console where there is none.
    if ("gpu" in navigator) this.#engine.append(element("option", { value: "webgpu" }, "WebGPU (for large networks)"));
    this.element = element(
      "form",
      {
        class: "train-form",
        novalidate: true,
        onsubmit: (event: Event) => {
          event.preventDefault();
          onStart(() => this.#request());
        },
      },
      labelled("Preset", this.#preset),
      this.#about,
      element(
        "div",
        { class: "train-fields" },
        labelled("Iterations", this.#iterations),
        labelled("Learning rate", this.#learningRate),
        labelled("Seed", this.#seed),
        labelled("Engine", this.#engine),
      ),
      element(
        "details",
        {},
        element("summary", {}, "More settings"),
        labelled("Settings of dnc train as JSON", this.#more),
      ),
      element(
        "div",
        { class: "learn-buttons" },
        element("button", { type: "submit", class: "primary" }, "Start training"),
      ),
    );
    this.drawSeed();
    this.#showPreset();
  }

  /** Draws the seed of the next training. */
  drawSeed(): void {
    this.#seed.value = String(drawnSeed());
  }

  get #chosen(): OfferedPreset {
    return this.#presets.find(({ name }) => name === this.#preset.value) as OfferedPreset;
  }

  #showPreset(): void {
    const { description, minutes, settings } = this.#chosen;
    const time =
      minutes === null ? "" : ` ${minutes} minutes with dnc train on two cores, about twice as long in a page.`;
    this.#about.textContent = `${description.charAt(0).toUpperCase()}${description.slice(1)}.${time}`;
    this.#iterations.placeholder = String(settings.num_training_iterations ?? 100_000);
    this.#learningRate.placeholder = String(settings.learning_rate ?? (settings.optimizer === "adam" ? 1e-3 : 1e-4));
  }

  /** Reads the fields. Throws an Error with a sentence if one cannot be read; the settings are checked where they are used. */
  #request(): TrainingRequest {
    const { name, settings: ofPreset } = this.#chosen;
    const settings = {
      ...settingsIn(this.#more.value),
      ...numberIn("num_training_iterations", this.#iterations),
      ...numberIn("learning_rate", this.#learningRate),
    };
    const seed = numberIn("seed", this.#seed).seed ?? settings.seed ?? drawnSeed();
    const preset = { name, settings: ofPreset };
    return { preset, settings, seed: seed as number, engine: this.#engine.value as PageEngine };
  }
}

function drawnSeed(): number {
  return 1 + Math.floor(Math.random() * MAX_DRAWN_SEED);
}

function numberField(id: string, attributes: Readonly<Record<string, string | number>>): HTMLInputElement {
  return element("input", { ...{ id, type: "number", inputmode: "decimal" }, ...attributes });
}

/** Puts a label above a field. */
export function labelled(text: string, field: HTMLElement): HTMLElement {
  return element("div", { class: "field" }, element("label", { for: field.id }, text), field);
}

/** The value of a field as a setting; nothing if it is empty. */
function numberIn(setting: string, field: HTMLInputElement): Readonly<Record<string, number>> {
  if (field.value === "" && !field.validity.badInput) return {};
  const value = field.valueAsNumber;
  if (Number.isNaN(value)) throw new Error(`settings: ${setting}: expected a number, got other text`);
  return { [setting]: value };
}

function settingsIn(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch {
    throw new Error('settings: expected JSON such as { "memory_size": 32 }, got other text');
  }
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return { ...settings };
  throw new Error('settings: expected an object such as { "memory_size": 32 }, got other JSON');
}
