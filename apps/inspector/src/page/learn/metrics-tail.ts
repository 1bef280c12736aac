/** Bytes before the end of what is known that are read again: if they have changed, so has all of the file. */
const OVERLAP = 512;

/** What a server has answered. */
export interface Answer {
  /** Status of HTTP; 0: the server cannot be reached. */
  readonly status: number;
  readonly bytes: Uint8Array;
}

/**
 * Fetches a file.
 *
 * @param path - relative to the run's folder.
 * @param from - first byte; the server may answer with the whole file, and status 200. Default: the whole file.
 */
export type FetchFile = (path: string, from?: number) => Promise<Answer>;

/** What a read of the file has found. */
export type TailResult = "unchanged" | "grown" | "replaced" | "missing" | "unreachable";

/** A text file that grows, such as `metrics.jsonl`; only its new part is fetched. A run that resumes cuts it, and it grows again. */
export class MetricsTail {
  readonly #path: string;
  readonly #fetch: FetchFile;
  #bytes = new Uint8Array();

  constructor(path: string, fetch: FetchFile) {
    this.#path = path;
    this.#fetch = fetch;
  }

  /** What is known of the file. */
  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }

  /** Reads what is new. */
  async read(): Promise<TailResult> {
    const from = Math.max(0, this.#bytes.length - OVERLAP);
    if (from === 0) return this.#readAll();
    const { status, bytes } = await this.#fetch(this.#path, from);
    // The file is shorter than what is known.
    if (status === 416) return this.#readAll();
    if (status !== 206) return this.#take(status, bytes);
    const overlap = this.#bytes.length - from;
    if (!startsWith(bytes, this.#bytes.subarray(from))) return this.#readAll();
    if (bytes.length === overlap) return "unchanged";
    const joined = new Uint8Array(from + bytes.length);
    joined.set(this.#bytes.subarray(0, from));
    joined.set(bytes, from);
    this.#bytes = joined;
    return "grown";
  }

  async #readAll(): Promise<TailResult> {
    const { status, bytes } = await this.#fetch(this.#path);
    return this.#take(status, bytes);
  }

  #take(status: number, bytes: Uint8Array): TailResult {
    if (status === 0) return "unreachable";
    if (status !== 200) return "missing";
    const before = this.#bytes;
    this.#bytes = bytes.slice();
    if (!startsWith(bytes, before)) return "replaced";
    return bytes.length === before.length ? "unchanged" : "grown";
  }
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && beginning.every((byte, index) => byte === bytes[index]);
}
