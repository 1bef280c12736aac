import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "tasks", setupFiles: ["../../tools/testing/setup.ts"], testTimeout: 60_000, isolate: false },
});
