export { type NamedPicture, tracePictures } from "./trace-pictures.js";
