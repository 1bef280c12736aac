// `require` returns the ES module itself in every supported version of Node. TypeScript before 5.8 does not know that
// and would report TS1479 here.
// @ts-ignore
export * from "../dist/index.js";
