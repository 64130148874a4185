export type { S3Location } from './bucket-address.ts';
export type { FileHeaders } from './file-headers.ts';
export { type S3StoreOptions, s3Store } from './s3-store.ts';
