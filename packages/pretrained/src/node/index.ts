export { pretrainedFolder, readPretrained } from "./read.js";
