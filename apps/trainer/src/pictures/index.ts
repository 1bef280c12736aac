export { type NamedPicture, type TracePicturesOptions, tracePictures } from "./trace-pictures.js";
