import './started'; // before TensorFlow itself: imports run in order, statements after them

/** TensorFlow.js on the native backend, started. */
export * as tf from '@tensorflow/tfjs-node-gpu';
