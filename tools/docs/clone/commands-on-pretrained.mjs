/** The commands of the documentation that take a network of `@dnc/pretrained`; see commands.mjs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** @type {import("./commands.mjs").Command[]} */
export const ON_PRETRAINED = [
  {
    command: "dnc eval --pretrained=copy",
    as: "npm run dnc -- eval --pretrained=copy",
    because: "in a clone",
    says: [/^network +copy of @dnc\/pretrained, step 10000 of 10000$/m, /^exact match +(99|100)\.\d%: /m],
  },
  {
    command: "npm run dnc -- eval --pretrained=copy --min_length=40 --max_length=40",
    says: [/length 40 \(trained on length 1-20\)$/m, /^exact match +(9[5-9]|100)\.\d%: /m],
  },
  {
    command: "npm run dnc -- grade --pretrained=associative-recall",
    says: [/^network +associative-recall of @dnc\/pretrained, step 20000$/m, /^grade +passed$/m],
  },
  {
    command: "npm run dnc -- report --pretrained=associative-recall",
    as: "npm run dnc -- report --pretrained=associative-recall --sequences=4 --out={HERE}/associative-recall.html",
    because: "it would write into the clone",
    says: [/^network +associative-recall of @dnc\/pretrained/m, /associative-recall\.html/],
  },
  {
    command: "npm run dnc -- report --pretrained=graph-traversal",
    as: "npm run dnc -- report --pretrained=graph-traversal --sequences=4 --out={HERE}/graph-traversal.html",
    because: "it would write into the clone",
    says: [/^network +graph-traversal of @dnc\/pretrained/m, /graph-traversal\.html/],
  },
  {
    command: "npm run dnc -- trace --pretrained=associative-recall --seed=3 --out=F",
    as: "npm run dnc -- trace --pretrained=associative-recall --seed=3 --out={HERE}/published.json",
    because: "a placeholder",
    says: [/^network +associative-recall of @dnc\/pretrained/m, /published\.json/],
    check: ({ world }) => {
      const { quantities } = JSON.parse(readFileSync(join(world.HERE, "published.json"), "utf8"));
      expect(quantities.memory.shape).toEqual([28, 1, 32, 20]);
    },
  },
];
