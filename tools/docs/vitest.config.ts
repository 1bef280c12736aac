import { configDefaults, defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "docs",
    exclude: [...configDefaults.exclude, "clone/**"], // npm run test:docs
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
