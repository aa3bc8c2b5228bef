export { type Profile, type ProfileOptions, type ProfileRow, profile } from './profile';
export type { Work } from './works';
