export { directoryStore } from './directory-store.ts';
export { openStore } from './open-store.ts';
export type { Change, Store, StoreCode, StoredFile, WriteGuard, WriteOutcome } from './store.ts';
