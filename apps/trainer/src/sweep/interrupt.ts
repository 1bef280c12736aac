import { createInterface } from "node:readline/promises";

/** What to do after Ctrl-C: end and stop the jobs, end and leave them, or go on. */
export type Answer = "stop" | "leave" | "go on";

/** Listens for signals that ask a sweep to end. At a terminal Ctrl-C asks once what becomes of the jobs. */
export class Interrupt {
  #answer: Answer = "go on";
  #isAsking = false;
  readonly #wake: () => void;
  readonly #question: (() => Promise<Answer>) | undefined;

  /**
   * @param wake - called when the answer is there.
   * @param question - asks at the terminal; undefined: there is none, and the sweep ends.
   */
  constructor(wake: () => void, question: (() => Promise<Answer>) | undefined) {
    this.#wake = wake;
    this.#question = question;
    process.on("SIGINT", this.#onInterrupt);
    process.on("SIGTERM", this.#onEnd);
    process.on("SIGHUP", this.#onEnd);
  }

  get answer(): Answer {
    return this.#answer;
  }

  dispose(): void {
    process.off("SIGINT", this.#onInterrupt);
    process.off("SIGTERM", this.#onEnd);
    process.off("SIGHUP", this.#onEnd);
  }

  readonly #onEnd = (): void => {
    this.#set("stop");
  };

  readonly #onInterrupt = async (): Promise<void> => {
    // Ctrl-C instead of an answer is one.
    if (!this.#question || this.#isAsking) return this.#set("stop");
    this.#isAsking = true;
    this.#set(await this.#question());
    this.#isAsking = false;
  };

  #set(answer: Answer): void {
    this.#answer = answer;
    if (answer !== "go on") this.#wake();
  }
}

/** Asks a question at the terminal. The answer to Ctrl-C and to the end of the input is `stop`. */
export async function askAtTerminal(question: string, answers: Readonly<Record<string, Answer>>): Promise<Answer> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => {
    terminal.once("close", () => resolve(undefined));
    terminal.once("SIGINT", () => resolve(undefined));
  });
  const given = await Promise.race([terminal.question(question).catch(() => undefined), ended]);
  terminal.close();
  if (given === undefined) return "stop";
  return answers[given.trim().toLowerCase().slice(0, 1)] ?? "go on";
}
