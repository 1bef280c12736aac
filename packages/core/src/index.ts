export type { Controller, ControllerState, ControllerStep, CreateVariable, NamedVariable } from "@dnc/controller";
export type { CellStep, RecurrentCell, StepOptions, StepTrace } from "./cell.js";
export type { CompleteDncConfig, ControllerFactory, ControllerType, DncConfig } from "./config.js";
export { Dnc } from "./dnc.js";
export type { DncState } from "./dnc-state.js";
export type { NestedState } from "./state.js";
export { type DncTrace, serializeTrace, TRACE_DIMENSIONS, type TraceData } from "./trace.js";
export { type UnrollOptions, unroll } from "./unroll.js";
export type { UnrollResult } from "./unroll-result.js";
