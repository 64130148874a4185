export { toHoistedFinder as toPnpmFinder } from '../tree/hoisted-finder.ts';
export { readPnpmLock } from './read-pnpm-lock.ts';
