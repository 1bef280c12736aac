// What require gives is the ES module itself, in every Node that this package runs on. TypeScript before 5.8 does not know that, and
// would complain of TS1479 here.
// @ts-ignore
export * from "../dist/contents/index.js";
