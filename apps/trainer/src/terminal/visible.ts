export { visibleJson, visibleLine, visibleText as visible } from "@dnc/report";
