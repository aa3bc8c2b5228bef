export * from './config';
export * from './frame';
export * from './query';
export * from './run';
export * from './runRows';
export * from './scale';
export * from './subset';
export * from './sweep';
