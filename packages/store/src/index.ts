export { directoryStore } from './directory-store.ts';
export { type Folded, type FoldOptions, foldOutbox } from './fold-outbox.ts';
export { type GitStoreOptions, gitStore } from './git/git-store.ts';
export { openStore, type StoreAccess } from './open-store.ts';
export { outboxStore } from './outbox-store.ts';
export type { FileHeaders } from './s3/file-headers.ts';
export type { Change, Store, StoreCode, StoredFile, StoreLimits, WriteGuard, WriteOutcome } from './store.ts';
export { verifiedStore } from './verified-store.ts';
