import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, the longest first; Vitest knows durations only of a clone that has run the tests before. */
const LONGEST = [
  "tools/repository/killed",
  "tools/repository/example-programs",
  "apps/trainer/test/doctor",
  "packages/engine-webgpu/test/training",
  "packages/engine-webgpu/test/unroll",
  "apps/trainer/test/backends",
  "apps/trainer/test/end-to-end",
  "apps/trainer/test/commands/end-to-end",
  "tools/repository/pack",
  "tools/repository/conformance",
  "packages/checkpoint/test/node/failures",
  "tools/parity",
];

/** So that no processor waits at the end for one long file. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((path) => moduleId.includes(`/${path}`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tools/docs", "tools/parity", "tools/repository"],
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one processor to itself, which on two is half of them; it has little to do while tests run.
    maxWorkers: availableParallelism(),
    // The projects' timeouts end what hangs, not what is slow: the machine may be busy with anything.
  },
});
