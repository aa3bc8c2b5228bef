export * from './frame';
export * from './scale';
export * from './subset';
