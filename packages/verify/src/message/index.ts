export type { SignedFile } from './message-content.ts';
export { type FileRequest, type VerifiedFile, verifyFile } from './verify-file.ts';
