export { toHoistedFinder } from '../tree/hoisted-finder.ts';
export { readYarnLock } from './read-yarn-lock.ts';
