export * from './byGroup';
export * from './narrow';
export * from './select';
export * from './selections';
export * from './survivors';
