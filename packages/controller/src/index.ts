export type { CreateVariable, NamedVariable } from "@dnc/addressing";
export type { Controller, ControllerState, ControllerStep } from "./controller.js";
export { type ControllerConfig, type ControllerType, createController } from "./create-controller.js";
export { DeepLstm, type DeepLstmConfig, type DeepLstmState } from "./deep-lstm.js";
export { FeedForward, type FeedForwardConfig, type FeedForwardState } from "./feed-forward.js";
export { Gru, type GruConfig, type GruState } from "./gru.js";
export { Lstm, type LstmConfig, type LstmState } from "./lstm.js";
