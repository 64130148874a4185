export { encodeSegment, type S3Location } from './bucket-address.ts';
export type { FileHeaders } from './file-headers.ts';
export { type S3StoreOptions, s3Store } from './s3-store.ts';
export { type S3Credentials, type SignOptions, signRequest, toSha256 } from './sign-request.ts';
