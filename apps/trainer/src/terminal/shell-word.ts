export { shellWord } from "@dnc/report";
