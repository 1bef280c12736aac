import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "trainer", setupFiles: ["../../tools/testing/setup.ts"], testTimeout: 120_000, isolate: false },
});
