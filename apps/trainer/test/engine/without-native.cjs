/** Makes a process find no package with the native engine's binary, as on a machine that it is not built for. */
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  if (!/^@dnc\/engine-native-/.test(request)) return resolve.call(Module, request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
};
