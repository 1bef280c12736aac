export { PLAN_FIELDS } from "./generated/plan.js";
