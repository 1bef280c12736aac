export type { Controller, ControllerState, ControllerStep, CreateVariable, NamedVariable } from "@dnc/controller";
export type { CellStep, RecurrentCell, StepOptions, StepTrace } from "./cell.js";
export type { AccessFactory, CompleteDncConfig, ControllerFactory, ControllerType, DncConfig } from "./config.js";
export { describeNetwork } from "./describe-network.js";
export { Dnc } from "./dnc.js";
export type { DncState } from "./dnc-state.js";
export type { StepSelection } from "./input-mask.js";
export {
  type CompleteLstmNetworkConfig,
  LstmNetwork,
  type LstmNetworkConfig,
  type LstmNetworkState,
} from "./lstm-network.js";
export type { NestedState } from "./state.js";
export {
  type DncTrace,
  type OptionalTraceQuantity,
  serializeTrace,
  TRACE_DIMENSIONS,
  type TraceData,
  type TraceQuantity,
  type TraceTensor,
} from "./trace.js";
export { type UnrollOptions, unroll } from "./unroll.js";
export type { UnrollResult } from "./unroll-result.js";
export { type VariableShape, variableShapes } from "./variable-shapes.js";
