export type { GradeFigure, PretrainedFacts } from "./facts.js";
export { fetchPretrained } from "./fetch.js";
export type { PretrainedName } from "./networks.js";
export {
  PRETRAINED,
  type PretrainedNetwork,
  type PretrainedUrls,
  pretrainedUrls,
} from "./pretrained.js";
