import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tools/docs", "tools/parity", "tools/repository"],
    // Vitest leaves one processor to itself, which on two is half of them; it has little to do while tests run.
    maxWorkers: availableParallelism(),
    // The projects' timeouts end what hangs, not what is slow: the machine may be busy with anything.
  },
});
