export type { Change, Store, StoreCode, StoredFile, WriteOutcome } from './store.ts';
