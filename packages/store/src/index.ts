export { directoryStore } from './directory-store.ts';
export { type GitStoreOptions, gitStore } from './git/git-store.ts';
export { openStore, type StoreAccess } from './open-store.ts';
export type { Change, Store, StoreCode, StoredFile, WriteGuard, WriteOutcome } from './store.ts';
