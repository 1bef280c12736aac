export { DncCell, type DncCellConfig } from "./dnc-cell.js";
