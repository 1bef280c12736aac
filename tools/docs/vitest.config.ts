import { configDefaults, defineProject } from "vitest/config";
import { inside } from "./inside.mjs";

export default defineProject({
  plugins: [inside],
  test: {
    name: "docs",
    exclude: [...configDefaults.exclude, "clone/**"], // npm run test:docs
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
