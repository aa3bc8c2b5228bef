export * from './config';
export { readConfig } from './readConfig';
export * from './runHash';
