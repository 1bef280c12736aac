import type { Workbench } from "../app/workbench.js";
import type { NetworkFiles } from "../worker/facts.js";

/** Opens networks one after the other; of those that come while one is opened, only the newest. */
export class OpenInTurn {
  readonly #workbench: Workbench;
  #next: { readonly name: string; readonly files: NetworkFiles } | undefined;
  #isOpening = false;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async open(name: string, files: NetworkFiles): Promise<void> {
    this.#next = { name, files };
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      for (let next = this.#take(); next; next = this.#take()) {
        const { name, files } = next;
        await this.#workbench.open(name, async () => ({ kind: "network", name, files }));
      }
    } finally {
      this.#isOpening = false;
    }
  }

  #take() {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
